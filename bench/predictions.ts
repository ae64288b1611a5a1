import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { artifactInput } from '#dist/artifact/provable-artifact.js';
import { inspectModel } from '#dist/compile/inspect-model.js';
import { compileModel, proveBatch, QuietproofError, readRows, setUpArtifact } from '#dist/index.js';
import { putBetweenMarks } from './marks.ts';
import { median } from './median.ts';
import { thisMachine } from './speed/machine.ts';

const FURTHEST = 1.5;

const USAGE = `Compares what inspect predicts with what compile and prove take on this machine.

  npm run bench:predictions -- [--from ../shared/models] [--models a,b] [--rows 3] [--readme bench/README.md]

Wall times: run it on a machine that does nothing else. A ratio is measured over predicted.
--readme also writes the table between the marks of a file.
`;

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    models: { type: 'string' },
    rows: { type: 'string', default: '3' },
    readme: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else process.exitCode = await run();

async function run(): Promise<number> {
  const from = values.from ?? (existsSync('../shared/models') ? '../shared/models' : 'models');
  const all = (await readdir(from)).filter((name) => existsSync(path.join(from, name, 'meta.json'))).sort();
  const wanted = values.models?.split(',') ?? all;
  const { processor, cores, system, load } = thisMachine();
  const lines: string[] = [];
  const say = (line: string) => {
    console.log(line);
    lines.push(line);
  };
  say('| model | constraints | compile | circom memory | key | native | snarkjs |');
  say('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  let far = 0;
  for (const name of wanted) {
    const compared = await unlessRefused(compare(path.join(from, name)));
    if ('refused' in compared) {
      say(`| ${name} | refused (${compared.refused}) | | | | | |`);
      continue;
    }
    const { constraints, ratios } = compared;
    far += Object.values(ratios).filter((ratio) => ratio > FURTHEST || ratio < 1 / FURTHEST).length;
    const cells = Object.values(ratios).map((ratio) => ratio.toFixed(2));
    say(`| ${[name, constraints.toLocaleString('en'), ...cells].join(' | ')} |`);
  }
  say('');
  say(
    `${far} ratios beyond a factor of ${FURTHEST}. Measured on ${processor}, ${cores} cores, ${system}; load ${load.toFixed(1)} before it began.`,
  );
  if (values.readme !== undefined) await putBetweenMarks(values.readme, 'predictions', lines.join('\n'));
  return far === 0 ? 0 : 1;
}

async function unlessRefused<T>(running: Promise<T>): Promise<T | { readonly refused: string }> {
  return running.catch((error: unknown) => {
    // Codes of models, quantization and circuits.
    if (error instanceof QuietproofError && /^QP[234]/.test(error.code)) return { refused: error.code };
    throw error;
  });
}

async function compare(folder: string) {
  const { model_file } = JSON.parse(await readFile(path.join(folder, 'meta.json'), 'utf8'));
  const [model, calibration] = [path.join(folder, model_file), path.join(folder, 'test.json')];
  const { cost, prediction } = await inspectModel(model, { calibration });
  const out = await mkdtemp(path.join(tmpdir(), 'quietproof-predictions-'));
  try {
    const artifact = path.join(out, 'artifact');
    const started = performance.now();
    const compiled = await compileModel({ model, calibration, out: artifact, acceptLoss: true });
    const compileSeconds = (performance.now() - started) / 1000;
    if (compiled.manifest.cost.constraints !== cost.constraints)
      throw new Error(`${folder}: ${cost.constraints} constraints predicted`);
    const { zkeyBytes } = await setUpArtifact(artifact, { source: { kind: 'development' }, force: true });
    const prove = (backend: 'native' | 'snarkjs') =>
      secondsOfProof(artifact, calibration, backend, path.join(out, backend));
    return {
      constraints: cost.constraints,
      ratios: {
        compile: compileSeconds / prediction.compileSeconds,
        circom: compiled.circom.peakRssBytes / prediction.circomBytes,
        key: zkeyBytes / prediction.keyBytes,
        native: (await prove('native')) / prediction.provers.native.seconds,
        snarkjs: (await prove('snarkjs')) / prediction.provers.snarkjs.seconds,
      },
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function secondsOfProof(
  artifactDir: string,
  data: string,
  backend: 'native' | 'snarkjs',
  outDir: string,
): Promise<number> {
  const { rows } = await readRows(data, await artifactInput(artifactDir));
  const samples: number[] = [];
  await proveBatch({
    ...{ artifactDir, outDir, backend, workers: 1 },
    rows: rows.slice(0, Number(values.rows)).map((own, index) => ({ index, values: own })),
    onProgress: ({ row }) => row && samples.push(row.milliseconds.prove),
  });
  return median(samples) / 1000;
}
