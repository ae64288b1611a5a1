import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const UNION = 'src/graph/float-graph.ts';
const HEAD = 'export type ActivationFunction =\n';

/** Whoever adds an activation has to touch these beside the union, and the compiler names them all. */
const PLACES = [
  'src/graph/activations.ts',
  'src/import/onnx/activations.ts',
  'src/import/tfjs/activations.ts',
  'src/quantize/lower-activation.ts',
  'test/graph/activation-samples.ts',
];

it('the compiler names every place that must know a new activation', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'scratch-activation-'));
  try {
    await copySources(folder);
    const union = await readFile(path.join(folder, UNION), 'utf8');
    expect(union.split(HEAD)).toHaveLength(2);
    const widened = union.replace(HEAD, `${HEAD}  | { readonly kind: 'scratch' }\n`);
    await writeFile(path.join(folder, UNION), widened);
    expect(await filesWithErrors(folder)).toEqual(PLACES);
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function copySources(folder: string): Promise<void> {
  const names = ['src', 'test', 'bench', 'tsconfig.base.json', 'tsconfig.test.json', 'package.json'];
  for (const name of names) {
    const isOurs = (file: string) => !/\/(node_modules|dist)$/.test(file);
    await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true, filter: isOurs });
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
}

/** The files that `npm run typecheck` complains about, sorted. */
async function filesWithErrors(folder: string): Promise<string[]> {
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, '-p', 'tsconfig.test.json'], { cwd: folder }, (_, stdout) => {
      resolve(stdout);
    });
  });
  const files = [...text.matchAll(/^([^\s(]+)\(\d+,\d+\): error/gm)].map(([, file]) => file!);
  return [...new Set(files)].sort();
}
