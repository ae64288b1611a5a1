import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Models that a Python script makes, and what it makes them with. */
export interface MadeModels {
  /** The folder that the script, which is called with it, writes to. */
  readonly models: string;
  readonly script: string;
  /** Other files that the models depend on, if any. */
  readonly modules?: readonly string[];
  /** The file that pins the packages. */
  readonly requirements: string;
  /** The folder of the virtual environment; several scripts with the same packages may share one. */
  readonly environment: string;
  /** An interpreter that has the packages already, in place of the environment. */
  readonly interpreter?: string | undefined;
}

/** Why models cannot be made here; undefined if they can. */
export async function missingPython(interpreter = 'python3'): Promise<string | undefined> {
  const version = await run(interpreter, ['--version']).catch(() => undefined);
  return version === undefined ? `${interpreter} is not installed, which makes the models` : undefined;
}

/** Installs the packages and runs the script, unless the same script has made the models with the same packages. */
export async function makeModels(made: MadeModels): Promise<void> {
  if (await areMade(made)) return;
  const python = made.interpreter ?? (await pythonOf(made));
  await mkdir(made.models, { recursive: true });
  await run(python, [made.script, made.models], { maxBuffer: 2 ** 28 });
  await writeFile(doneFile(made), await digestOf(made));
}

/** False too if the script was interrupted, or has changed since. */
export async function areMade(made: MadeModels): Promise<boolean> {
  const done = await readFile(doneFile(made), 'utf8').catch(() => undefined);
  return done === (await digestOf(made));
}

/** The interpreter of the virtual environment, which is made unless it has exactly the pinned packages. */
async function pythonOf({ environment, requirements }: MadeModels): Promise<string> {
  const python = path.join(environment, 'bin', 'python');
  const [installed, pinned] = [path.join(environment, 'installed.txt'), await readFile(requirements, 'utf8')];
  if ((await readFile(installed, 'utf8').catch(() => '')) === pinned) return python;
  await rm(environment, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
  await writeFile(installed, pinned);
  return python;
}

/** Holds the digest of what made the models. Several scripts may write to one folder. */
const doneFile = ({ models, script }: MadeModels): string =>
  path.join(models, `${path.basename(script, '.py')}.done`);

async function digestOf({ script, modules = [], requirements }: MadeModels): Promise<string> {
  const texts = await Promise.all([script, ...modules, requirements].map((file) => readFile(file)));
  return createHash('sha256').update(Buffer.concat(texts)).digest('hex');
}
