import type { LeftOut, Measured } from './interleave.ts';
import type { Machine } from './machine.ts';
import type { CaseResult, PoolResult } from './measure-case.ts';
import { ratio, summaryOf } from './samples.ts';
import { megabytes, NOT_MEASURED, significant, spread, table } from './table.ts';

/** What describes any run. */
export interface RunFacts {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly command: string;
  readonly seconds: number;
  readonly runs: number;
  readonly leftOut: readonly LeftOut[];
}

/** A whole run of the models, in the form of bench.json. */
export interface BenchResult extends RunFacts {
  /** This project's backends. Everything is compared with the first one. */
  readonly backends: readonly string[];
  readonly cases: readonly CaseResult[];
}

/** The run as Markdown: first the ratios, then the measurements. */
export function reportText(result: BenchResult): string {
  const { cases } = result;
  return `${[
    '### How many times longer others take for one proof',
    ratioTable(result),
    '### Pools: proofs a second with n workers, over n times those of one',
    scalingTable(cases),
    '### One proof',
    proverTable(cases),
    '### Pools',
    poolTable(cases),
    '### Verifying',
    verifierTable(cases),
    '### Compiling, keys and sizes',
    makeTable(cases),
    '### Circuits',
    circuitTable(cases),
    ...conditions(result, cases),
  ].join('\n\n')}\n`;
}

function ratioTable({ cases, backends }: BenchResult): string {
  const subject = `${backends[0]}, one thread`;
  const compared = [
    ...namesOf(cases, ({ provers }) => provers)
      .filter((name) => name !== subject)
      .map((name) => ({ name, title: name, figure: 'proveMs' })),
    { name: 'snarkjs, all cores', title: 'snarkjs, all cores; both with the witness', figure: 'rowMs' },
  ];
  const cell = ({ provers }: CaseResult, name: string, figure: string) =>
    spread(ratio(figures(provers, name, figure), figures(provers, subject, figure)));
  return table(
    [`compared with \`${subject}\``, ...cases.map(({ name }) => name)],
    compared.map(({ name, title, figure }) => [title, ...cases.map((one) => cell(one, name, figure))]),
  );
}

function scalingTable(cases: readonly CaseResult[]): string {
  const several = cases.map((one) => one.pools.filter(({ workers }) => workers > 1));
  const cell = ({ pools }: CaseResult, name: string) => {
    const pool = pools.find((one) => one.name === name);
    const single = pools.find(({ backend, workers }) => backend === pool?.backend && workers === 1);
    if (pool === undefined || single === undefined) return NOT_MEASURED;
    const perWorker = throughput(pool).map((value) => value / pool.workers);
    return spread(ratio(perWorker, throughput(single)));
  };
  const names = [...new Set(several.flat().map(({ name }) => name))];
  return table(
    ['backend × workers', ...cases.map(({ name }) => name)],
    names.map((name) => [name, ...cases.map((one) => cell(one, name))]),
  );
}

function proverTable(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ name, provers }) =>
    provers.map((prover) => [
      name,
      prover.name,
      spread(summaryOf(prover.samples, 'proveMs')),
      spread(summaryOf(prover.samples, 'cpuMs')),
      spread(summaryOf(prover.samples, 'witnessMs')),
      spread(summaryOf(prover.samples, 'checkMs')),
      startupFigure(prover, 'loadMs'),
      megabytes(prover.life.peakRssBytes),
      megabytes(prover.life.pkBytes),
      prover.life.proofBytes === undefined ? NOT_MEASURED : significant(prover.life.proofBytes),
    ]),
  );
  const titles = [
    'prove ms',
    'CPU ms',
    'witness ms',
    'check ms',
    'load ms',
    'peak MB',
    'own key MB',
    'proof B',
  ];
  return table(['case', 'prover', ...titles], rows, 2);
}

function poolTable(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ name, pools }) =>
    pools.map((pool) => [
      name,
      pool.name,
      spread(summaryOf(pool.samples, 'proofsPerSecond')),
      megabytes(pool.life.peakRssBytes),
      megabytes(perFurtherWorker(pool, pools)),
    ]),
  );
  return table(['case', 'backend × workers', 'proofs/s', 'peak MB', 'MB a further worker'], rows, 2);
}

/** Growth of the process' peak memory per worker after the first, in bytes. */
function perFurtherWorker(pool: PoolResult, pools: readonly PoolResult[]): number | undefined {
  const single = pools.find(({ backend, workers }) => backend === pool.backend && workers === 1);
  const [all, one] = [pool.life.peakRssBytes, single?.life.peakRssBytes];
  if (pool.workers < 2 || all === undefined || one === undefined) return undefined;
  return (all - one) / (pool.workers - 1);
}

function verifierTable(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ name, verifiers, batch }) =>
    verifiers.map((verifier) => {
      const together = summaryOf(verifier.samples, 'batchSeconds');
      return [
        name,
        verifier.name,
        spread(summaryOf(verifier.samples, 'verifyMs')),
        together === undefined ? NOT_MEASURED : `${batch.toLocaleString('en-US')} in ${spread(together)}`,
        spread(summaryOf(verifier.samples, 'batchMs')),
        megabytes(verifier.life.peakRssBytes),
      ];
    }),
  );
  return table(['case', 'verifier', 'one proof ms', 'together s', 'ms a proof of them', 'peak MB'], rows, 2);
}

function makeTable(cases: readonly CaseResult[]): string {
  const keys = namesOf(cases, (one) => one.keys);
  const rows = cases.map((one) => [
    one.name,
    spread(one.compile && summaryOf(one.compile.samples, 'compileSeconds')),
    spread(one.compile && summaryOf(one.compile.samples, 'soundnessSeconds')),
    megabytes(one.compile && summaryOf(one.compile.samples, 'circomPeakRssBytes')?.median),
    ...keys.map((name) =>
      spread(summaryOf(one.keys.find((key) => key.name === name)?.samples ?? [], 'keySeconds')),
    ),
    ...[one.setupSeconds, one.cacheSeconds].map((value) =>
      value === undefined ? NOT_MEASURED : significant(value),
    ),
    ...['zkeyBytes', 'proverCacheBytes', 'r1csBytes'].map((size) => megabytes(one.sizes[size])),
    ...['verificationKeyBytes', 'bundleBytes'].map((size) =>
      (one.sizes[size] ?? NOT_MEASURED).toLocaleString('en-US'),
    ),
  ]);
  const sizes = ['zkey MB', 'prover cache MB', 'r1cs MB', 'verification key B', 'bundle B'];
  const times = [
    'compile s',
    'soundness check s',
    'circom MB',
    ...keys.map((name) => `${name} s`),
    'whole setup s',
    'key converted s',
  ];
  return table(['case', ...times, ...sizes], rows);
}

function circuitTable(cases: readonly CaseResult[]): string {
  const rows = cases.map(({ name, input, circuit }) => [
    name,
    input,
    circuit.bits,
    ...[circuit.constraints, circuit.wires, circuit.publicSignals].map((n) => n.toLocaleString('en-US')),
    `2^${circuit.domainPower}`,
  ]);
  return table(['case', 'input', 'bits', 'constraints', 'wires', 'public signals', 'domain'], rows, 2);
}

/** Describes the conditions of the measurement, and what was left out. */
export function conditions(
  { machine, versions, command, seconds, runs, leftOut }: RunFacts,
  cases: readonly Pick<CaseResult, 'name' | 'provers' | 'leftOut'>[],
): string[] {
  const flags = machine.flags.length === 0 ? '' : ` with ${machine.flags.join(', ')}`;
  const known = [...Object.entries(versions).map((pair) => pair.join(' ')), ...proverVersions(cases)];
  const absent = [
    ...leftOut,
    ...cases.flatMap((one) => one.leftOut.map(({ name, why }) => ({ name: `${one.name}: ${name}`, why }))),
  ];
  return [
    `Measured on ${machine.processor}, ${machine.cores} cores${flags}, ${machine.memoryGB} GB, ${machine.system}; load ${machine.load.toFixed(1)} before it began. Medians of up to ${runs} rounds, the smallest and the largest behind them. ${known.join(', ')}. \`${command}\` took ${Math.round(seconds)} s.`,
    ...(absent.length === 0
      ? []
      : [absent.map(({ name, why }) => `- left out: ${name} (${why})`).join('\n')]),
  ];
}

/** Versions of other provers, and the engines of ours. */
function proverVersions(cases: readonly Pick<CaseResult, 'provers'>[]): Set<string> {
  const lines = cases.flatMap(({ provers }) =>
    provers.flatMap(({ name, ready }) => {
      const what = ready.version ?? ready.engine;
      return what === undefined ? [] : [`${name.split(',')[0]} ${what}`];
    }),
  );
  return new Set(lines);
}

function namesOf(cases: readonly CaseResult[], of: (one: CaseResult) => readonly Measured[]): string[] {
  return [...new Set(cases.flatMap((one) => of(one).map(({ name }) => name)))];
}

function figures(measured: readonly Measured[], name: string, figure: string): number[] {
  return (measured.find((one) => one.name === name)?.samples ?? []).flatMap((sample) => sample[figure] ?? []);
}

function throughput({ samples }: Measured): number[] {
  return samples.flatMap((sample) => sample.proofsPerSecond ?? []);
}

function startupFigure({ ready }: Measured, figure: string): string {
  const value = ready[figure];
  return typeof value === 'number' ? significant(value) : NOT_MEASURED;
}
