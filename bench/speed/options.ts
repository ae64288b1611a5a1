import { parseArgs } from 'node:util';

export const USAGE = `Measures compiling, setup, proving and verifying, alternating between this project's backends and other provers.

  npm run bench -- [--suite models] [--quick] [--only mnist-mlp,…] [--runs 7] [--from <dir>] [--reuse]
                   [--rapidsnark <prover>] [--rapidsnark-warm <program>] [--ezkl <python>] [--no-peers]
                   [--out artifacts/bench] [--readme bench/README.md]

  --suite            models: provers side by side; commands: whole commands, from the start of the process to its end;
                     functions: a model with GELU and a
                     LeNet with Tanh beside EZKL; trees: constraints of tree ensembles, and proofs of one beside synthetic
                     circuits (--from is then the folder that bench/peers/train-trees.py made; default <out>/trees);
                     ceremony: the steps of a ceremony beside snarkjs, and proofs under its key
                     (--only: digits-mlp-digest, digits-cnn, lenet-7-bits)
  --ptau             for it: folder of phase-1 files, known-tau-<power>.ptau (see native/README.md); default .
  --commands         the same as --suite commands
  --against          with it, another built checkout of this project, whose commands are measured alternately
  --quick            small models, fewer runs, EZKL on one model: under 3 minutes on two idle cores
  --only             some of credit-scoring-mlp, mnist-mlp, mnist-mlp-digest, mnist-lenet-relu-avg
  --runs             number of rounds; every figure is the median over them
  --from             folder of model folders (meta.json, model file, test.json); default ../shared/models, else models
  --reuse            use the artifacts of an earlier run, without measuring compilation and setup
  --rapidsnark       rapidsnark's own program; default: \`prover\` on the PATH
  --rapidsnark-warm  the program that bench/peers/build-rapidsnark.sh builds; default: \`rapidsnark-warm\` on the PATH
  --ezkl             a Python with the package ezkl; default: python3, if it has the package
  --readme           write the tables between the marks in this file
`;

const SUITES = ['models', 'commands', 'trees', 'functions', 'ceremony'] as const;

export interface Options {
  readonly suite: (typeof SUITES)[number];
  readonly quick: boolean;
  readonly only: readonly string[] | undefined;
  readonly runs: number;
  /** Target duration of a round; faster proofs are made several times per round. */
  readonly roundMs: number;
  /** Number of rounds for slow steps: compiling and making keys. */
  readonly makeRuns: number;
  /** Number of bundles verified together. */
  readonly batch: number;
  readonly from: string | undefined;
  readonly against: string | undefined;
  readonly ptau: string | undefined;
  readonly reuse: boolean;
  readonly peers: boolean;
  readonly rapidsnark: string | undefined;
  readonly rapidsnarkWarm: string | undefined;
  readonly ezkl: string | undefined;
  readonly out: string;
  readonly readme: string | undefined;
  readonly help: boolean;
}

/** @throws TypeError, RangeError for unknown options and invalid values */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      suite: { type: 'string' },
      commands: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      runs: { type: 'string' },
      from: { type: 'string' },
      against: { type: 'string' },
      ptau: { type: 'string' },
      reuse: { type: 'boolean', default: false },
      rapidsnark: { type: 'string' },
      'rapidsnark-warm': { type: 'string' },
      ezkl: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
      out: { type: 'string', default: 'artifacts/bench' },
      readme: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const wanted = values.suite ?? (values.commands ? 'commands' : 'models');
  const suite = SUITES.find((name) => name === wanted);
  if (suite === undefined) throw new RangeError(`--suite ${wanted}: one of ${SUITES.join(', ')}`);
  const runs = values.runs === undefined ? (quick ? 3 : 7) : Number(values.runs);
  if (!(Number.isInteger(runs) && runs > 0))
    throw new RangeError(`--runs ${values.runs}: a number of rounds`);
  return {
    suite,
    quick,
    only: values.only?.split(','),
    runs,
    roundMs: quick ? 200 : 400,
    makeRuns: quick ? 1 : Math.min(runs, 3),
    batch: quick ? 200 : 1000,
    from: values.from,
    against: values.against,
    ptau: values.ptau,
    reuse: values.reuse,
    peers: !values['no-peers'],
    rapidsnark: values.rapidsnark,
    rapidsnarkWarm: values['rapidsnark-warm'],
    ezkl: values.ezkl,
    out: values.out,
    readme: values.readme,
    help: values.help,
  };
}
