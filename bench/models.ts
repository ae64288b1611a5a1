import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { INPUT_MODE_NAMES, type InputMode } from '@quietproof/verify';
import { putBetweenMarks } from './marks.ts';
import { type Measurement, measureOnce, type Variant } from './measure.ts';
import { failures, markdownTable, remarks } from './report.ts';

/** Every model that must compile, prove and verify. Only some of them are in this repository's models/. */
const MODELS = [
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

const USAGE = `Compiles, sets up, proves and verifies models in both input modes, and tabulates the cost.

  npm run test:models -- [--models a,b] [--from <dir>] [--mode digest,public] [--bits auto,8] [--rows 3]
                         [--out artifacts/bench] [--readme docs/builder/costs.md] [--fresh]

  --from   folder of model folders (meta.json, model file, test.json); default ../shared/models, else models
  --readme write the table between the marks in this file
  --fresh  repeat finished measurements; by default a run continues where the last one stopped
`;

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    from: { type: 'string' },
    mode: { type: 'string', default: 'digest,public' },
    bits: { type: 'string', default: 'auto,8' },
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
  const from = values.from ?? ['../shared/models', 'models'].find((folder) => existsSync(folder))!;
  const chosen = values.models?.split(',') ?? MODELS.filter((model) => existsSync(path.join(from, model)));
  const absent = values.models === undefined ? MODELS.length - chosen.length : 0;
  if (absent > 0) process.stderr.write(`${absent} of ${MODELS.length} models are not in ${from}\n`);
  const found: Measurement[] = [];
  const broken: string[] = [];
  for (const variant of chosen.flatMap((model) => variants(model, path.join(from, model)))) {
    const name = `${variant.model}, ${variant.mode}, bits ${variant.bits}`;
    process.stderr.write(`${name} …\n`);
    try {
      found.push(await measureOnce(variant, values.out, values.fresh));
    } catch (error) {
      broken.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const wrong = [...broken, ...failures(found)];
  await report(found, wrong);
  return wrong.length === 0 ? 0 : 1;
}

function variants(model: string, folder: string): Variant[] {
  const rows = Number(values.rows);
  return values.mode.split(',').flatMap((mode) =>
    values.bits.split(',').map((bits) => {
      if (!isInputMode(mode)) throw new Error(`--mode ${mode}: ${INPUT_MODE_NAMES.join(' or ')}`);
      return { model, folder, mode, bits: bits === 'auto' ? 'auto' : Number(bits), rows };
    }),
  );
}

function isInputMode(mode: string): mode is InputMode {
  return INPUT_MODE_NAMES.some((name) => name === mode);
}

async function report(found: readonly Measurement[], wrong: readonly string[]): Promise<void> {
  const text = `${[markdownTable(found), machine(), ...remarks(found), ...wrong.map((line) => `FAILED ${line}`)].join('\n\n')}\n`;
  await mkdir(values.out, { recursive: true });
  if (values.readme !== undefined) await putBetweenMarks(values.readme, 'models', text);
  await writeFile(path.join(values.out, 'models.md'), text);
  await writeFile(path.join(values.out, 'models.json'), `${JSON.stringify(found, null, 1)}\n`);
  process.stdout.write(text);
}

/** Describes the machine that the times were measured on. */
function machine(): string {
  const [{ model } = { model: 'unknown processor' }, ...others] = cpus();
  return `Measured on ${model.trim()}, ${others.length + 1} cores, Node ${process.versions.node}.`;
}
