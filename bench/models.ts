import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { INPUT_MODE_NAMES, type InputMode } from '@quietproof/verify';
import { putBetweenMarks } from './marks.ts';
import { type Measurement, measureOnce, type Variant } from './measure.ts';
import { failures, markdownTable, operationTable, remarks } from './report.ts';

type ModelOptions = Variant['options'];

/** Models that must compile, prove and verify. */
interface ModelSet {
  /** Models in the order of the table, with the options of each. Only some are in this repository's models/. */
  readonly models: Readonly<Record<string, ModelOptions>>;
  readonly table: (found: readonly Measurement[]) => string;
  readonly mode: string;
  readonly bits: string;
  /** Whether a broken contract fails the run. */
  readonly mustKeep: boolean;
}

const CLASSIFIERS = [
  'digits-mlp',
  'credit-scoring-mlp',
  'german-credit-mlp',
  'breast-cancer-mlp',
  'breast-cancer-mlp-softmax',
  'breast-cancer-logreg',
  'iris-mlp',
  'wine-mlp-bn',
  'spam-bow-mlp',
  'digits-cnn',
  'digits-resnet',
  'mnist-mlp',
  'mnist-cnn-bn',
  'mnist-lenet-relu-avg',
  'mnist-lenet-relu-max',
  'tfjs-digits-cnn-layers',
  'tfjs-mnist-mlp-layers',
] as const;

/** Of LeNets. 133 held-out rows cannot show that at most 0.5 % of labels flip, which is the default. */
const FEW_ROWS: ModelOptions = { maxFlips: 0.025 };

/** By name, which is also the name of the marks in the file of `--readme`. */
const SETS: Readonly<Record<string, ModelSet>> = {
  models: {
    models: Object.fromEntries(CLASSIFIERS.map((name) => [name, {}])),
    table: markdownTable,
    mode: 'digest,public',
    bits: 'auto,8',
    mustKeep: false,
  },
  functions: {
    models: {
      'diabetes-reg-mlp': {},
      'breast-autoencoder': { output: 'logits' },
      'mnist-lenet-tanh-avg': FEW_ROWS,
      'mnist-lenet-sigmoid-avg': FEW_ROWS,
    },
    table: operationTable,
    mode: 'digest',
    bits: 'auto',
    mustKeep: true,
  },
};

const USAGE = `Compiles, sets up, proves and verifies models, and tabulates the cost.

  npm run test:models -- [--set models] [--models a,b] [--from <dir>] [--mode digest,public] [--bits auto,8]
                         [--rows 3] [--out artifacts/bench] [--readme docs/builder/costs.md] [--fresh]

  --set    models: classifiers, in both input modes; or functions: models with Tanh, Sigmoid, Elu and products, whose
           contract must be kept, with the constraints by operation
  --from   folder of model folders (meta.json, model file, test.json); default ../shared/models, else models
  --readme write the table between the marks in this file
  --fresh  repeat finished measurements; by default a run continues where the last one stopped
`;

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'models' },
    models: { type: 'string' },
    from: { type: 'string' },
    mode: { type: 'string' },
    bits: { type: 'string' },
    rows: { type: 'string', default: '3' },
    out: { type: 'string', default: path.join('artifacts', 'bench') },
    readme: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else process.exitCode = await run();

async function run(): Promise<number> {
  const set = SETS[values.set];
  if (set === undefined) throw new Error(`--set ${values.set}: ${Object.keys(SETS).join(' or ')}`);
  const from = values.from ?? ['../shared/models', 'models'].find((folder) => existsSync(folder))!;
  const all = Object.keys(set.models);
  const chosen = values.models?.split(',') ?? all.filter((model) => existsSync(path.join(from, model)));
  const absent = values.models === undefined ? all.length - chosen.length : 0;
  if (absent > 0) process.stderr.write(`${absent} of ${all.length} models are not in ${from}\n`);
  const found: Measurement[] = [];
  const broken: string[] = [];
  for (const variant of chosen.flatMap((model) => variants(set, model, path.join(from, model)))) {
    const name = `${variant.model}, ${variant.mode}, bits ${variant.bits}`;
    process.stderr.write(`${name} …\n`);
    try {
      found.push(await measureOnce(variant, values.out, values.fresh));
    } catch (error) {
      broken.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const wrong = [...broken, ...failures(found, set.mustKeep)];
  await report(set, found, wrong);
  return wrong.length === 0 ? 0 : 1;
}

function variants(set: ModelSet, model: string, folder: string): Variant[] {
  const rows = Number(values.rows);
  const options = set.models[model] ?? {};
  return (values.mode ?? set.mode).split(',').flatMap((mode) =>
    (values.bits ?? set.bits).split(',').map((bits) => {
      if (!isInputMode(mode)) throw new Error(`--mode ${mode}: ${INPUT_MODE_NAMES.join(' or ')}`);
      return { model, folder, mode, bits: bits === 'auto' ? 'auto' : Number(bits), rows, options };
    }),
  );
}

function isInputMode(mode: string): mode is InputMode {
  return INPUT_MODE_NAMES.some((name) => name === mode);
}

async function report(set: ModelSet, found: readonly Measurement[], wrong: readonly string[]): Promise<void> {
  const text = `${[set.table(found), machine(), ...remarks(found), ...wrong.map((line) => `FAILED ${line}`)].join('\n\n')}\n`;
  await mkdir(values.out, { recursive: true });
  if (values.readme !== undefined) await putBetweenMarks(values.readme, values.set, text);
  await writeFile(path.join(values.out, `${values.set}.md`), text);
  await writeFile(path.join(values.out, `${values.set}.json`), `${JSON.stringify(found, null, 1)}\n`);
  process.stdout.write(text);
}

/** Describes the machine that the times were measured on. */
function machine(): string {
  const [{ model } = { model: 'unknown processor' }, ...others] = cpus();
  return `Measured on ${model.trim()}, ${others.length + 1} cores, Node ${process.versions.node}.`;
}
