import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What exports the models. It has a script, pinned packages and a virtual environment of its name. */
export type Exporter = 'pytorch' | 'keras';
export type Form = 'dynamo' | 'torchscript' | 'keras';

const EXPORTER_OF: Readonly<Record<Form, Exporter>> = {
  dynamo: 'pytorch',
  torchscript: 'pytorch',
  keras: 'keras',
};

/** Virtual environments, exported models and results; kept, since the packages are gigabytes. */
export const ROOT = process.env.EXPORTS ?? path.join(os.tmpdir(), 'quietproof-exports');
const MODELS = path.join(ROOT, 'models');

/** Why the models of a form cannot be tried here; undefined if they can. */
export async function missingFor(form: Form): Promise<string | undefined> {
  return (await areExported(EXPORTER_OF[form])) ? undefined : missingTool();
}

/** Why the models cannot be exported here; undefined if they can. */
export async function missingTool(): Promise<string | undefined> {
  const version = await run('python3', ['--version']).catch(() => undefined);
  return version === undefined ? 'python3 is not installed, which exports the models' : undefined;
}

/** Installs the packages and exports all models, unless the same scripts have done so. */
export async function exportModels(exporter: Exporter): Promise<void> {
  if (await areExported(exporter)) return;
  const python = path.join(ROOT, exporter, 'bin', 'python');
  await mkdir(MODELS, { recursive: true });
  if (!(await exists(python))) await run('python3', ['-m', 'venv', path.join(ROOT, exporter)]);
  await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '-r',
    path.join(HERE, `requirements-${exporter}.txt`),
  ]);
  await run(python, [path.join(HERE, `export_${exporter}.py`), MODELS], { maxBuffer: 2 ** 28 });
  await writeFile(doneFile(exporter), await scriptsDigest(exporter));
}

/** The names of the exported models of a form, and the folder of each. */
export async function modelsOf(form: Form): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(path.join(MODELS, form))).sort();
  return new Map(names.map((name) => [name, path.join(MODELS, form, name)]));
}

/** False too if the export was interrupted, or was made by scripts that have changed since. */
async function areExported(exporter: Exporter): Promise<boolean> {
  const done = await readFile(doneFile(exporter), 'utf8').catch(() => undefined);
  return done === (await scriptsDigest(exporter));
}

/** Holds the digest of the scripts that exported the models. */
const doneFile = (exporter: Exporter): string => path.join(MODELS, `${exporter}.done`);

async function scriptsDigest(exporter: Exporter): Promise<string> {
  const files = (await readdir(HERE)).filter((file) => /\.(py|txt)$/.test(file) && file.includes(exporter));
  const texts = await Promise.all(files.sort().map((file) => readFile(path.join(HERE, file))));
  return createHash('sha256').update(Buffer.concat(texts)).digest('hex');
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
