import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What exports the models: its packages, its script, and the folders that the script writes. */
export interface Exporter {
  readonly name: 'pytorch' | 'keras';
  readonly forms: readonly string[];
}

export const EXPORTERS: readonly Exporter[] = [
  { name: 'pytorch', forms: ['dynamo', 'torchscript'] },
  { name: 'keras', forms: ['keras'] },
];

/** Virtual environments and exported models; kept, since the packages are gigabytes. */
export const ROOT = process.env.EXPORTS ?? path.join(os.tmpdir(), 'quietproof-exports');

/** Installs the packages and exports all models, unless that has been done. */
export async function exportModels({ name, forms }: Exporter): Promise<void> {
  const done = path.join(ROOT, 'models', forms.at(-1)!);
  if (await exists(done)) return;
  const python = path.join(ROOT, name, 'bin', 'python');
  await mkdir(ROOT, { recursive: true });
  if (!(await exists(python))) {
    await run('python3', ['-m', 'venv', path.join(ROOT, name)]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '-r', path.join(HERE, `requirements-${name}.txt`)]);
  }
  const words = [path.join(HERE, `export_${name}.py`), path.join(ROOT, 'models')];
  await run(python, words, { maxBuffer: 2 ** 28 });
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
