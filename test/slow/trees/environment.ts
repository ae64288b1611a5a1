import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** The virtual environment and the trained models; kept, since training takes minutes. */
const ROOT = process.env.TREES ?? path.join(os.tmpdir(), 'quietproof-trees');

/** Why the suite cannot run here; undefined if it can. */
export async function missingTool(): Promise<string | undefined> {
  const version = await run('python3', ['--version']).catch(() => undefined);
  return version === undefined ? 'python3 is not installed, which trains the ensembles' : undefined;
}

/** Installs the packages and trains the ensembles, unless that has been done. @returns the folder of the models */
export async function trainEnsembles(): Promise<string> {
  const models = path.join(ROOT, 'models');
  if (await exists(path.join(models, 'done'))) return models;
  await mkdir(ROOT, { recursive: true });
  const python = path.join(ROOT, 'venv', 'bin', 'python');
  if (!(await exists(python))) {
    await run('python3', ['-m', 'venv', path.join(ROOT, 'venv')]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '-r', path.join(HERE, 'requirements.txt')]);
  }
  await run(python, [path.join(HERE, 'train.py'), models], { maxBuffer: 2 ** 28 });
  return models;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
