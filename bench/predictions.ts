import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { artifactInput } from '#dist/artifact/provable-artifact.js';
import { inspectModel } from '#dist/compile/inspect-model.js';
import { compileModel, proveBatch, readRows, setUpArtifact } from '#dist/index.js';
import { median } from './median.ts';

const USAGE = `Compares what inspect predicts with what compile and prove take on this machine.

  npm run bench:predictions -- [--from ../shared/models] [--models a,b] [--rows 3]

Wall times: run it on a machine that does nothing else. A ratio is measured over predicted.
`;

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    models: { type: 'string' },
    rows: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else process.exitCode = await run();

const FURTHEST = 1.5;

async function run(): Promise<number> {
  const from = values.from ?? (existsSync('../shared/models') ? '../shared/models' : 'models');
  const all = (await readdir(from)).filter((name) => existsSync(path.join(from, name, 'meta.json'))).sort();
  const wanted = values.models?.split(',') ?? all;
  console.log('| model | constraints | compile | circom memory | key | native | snarkjs |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  let far = 0;
  for (const name of wanted) {
    const { constraints, ratios } = await compare(path.join(from, name));
    far += Object.values(ratios).filter((ratio) => ratio > FURTHEST || ratio < 1 / FURTHEST).length;
    const cells = Object.values(ratios).map((ratio) => ratio.toFixed(2));
    console.log(`| ${[name, constraints.toLocaleString('en'), ...cells].join(' | ')} |`);
  }
  console.log(`\n${far} ratios beyond a factor of ${FURTHEST}.`);
  return far === 0 ? 0 : 1;
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
