// Copies some exported models, with four rows each, to test/fixtures/exported-modules. PYTHON has the package onnx:
//   PYTHON=python3 node test/slow/exports/make-fixtures.mjs [<folder of the suite>]
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(process.argv[2] ?? join(tmpdir(), 'quietproof-exports'), 'models');
const target = fileURLToPath(new URL('../../fixtures/exported-modules', import.meta.url));
const ROWS = 4;

/** What the newer exporter of PyTorch writes in other words than the older one, and what only moves or mixes values. */
const KEPT = {
  dynamo: `adaptive-avg-pool-to-3 channel-shuffle chunk circular-pad clamp conv-transpose2d-groups conv2d-circular
    conv2d-reflect conv3d cumsum einsum expand flip gather index-select instance-norm-tracked log-sum-exp max-pool3d pixel-shuffle
    pixel-unshuffle product replication-pad roll split tril unfold upsample-aligned upsample-bilinear upsample-nearest`,
  torchscript: `adaptive-avg-pool-to-3 chunk circular-pad conv-transpose1d conv2d-replicate cumsum every-second flip gather
    pixel-shuffle product reflection-pad repeat roll softmin unfold unflatten upsample-linear upsample-nearest`,
  keras:
    'conv1d-causal conv2d-transposed padding-and-cropping permute-and-reshape upsampling upsampling-bilinear',
};

const copied = [];
rmSync(target, { recursive: true, force: true });
for (const [form, names] of Object.entries(KEPT)) {
  for (const name of names.split(/\s+/)) {
    const folder = join(target, `${form}-${name}`);
    mkdirSync(folder, { recursive: true });
    const model = join(folder, 'model.onnx');
    copyFileSync(join(source, form, name, 'model.onnx'), model);
    copied.push(model);
    const { inputs, outputs } = JSON.parse(readFileSync(join(source, form, name, 'rows.json'), 'utf8'));
    const rows = { inputs: inputs.slice(0, ROWS), outputs: outputs.slice(0, ROWS) };
    writeFileSync(join(folder, 'rows.json'), `${JSON.stringify(rows)}\n`);
  }
}

// Exporters note the paths of the machine.
const strip = fileURLToPath(new URL('strip_traces.py', import.meta.url));
execFileSync(process.env.PYTHON ?? 'python3', [strip, ...copied], { stdio: 'inherit' });
