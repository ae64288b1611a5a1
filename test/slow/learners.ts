import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MadeModels } from './python-environment.ts';

/** The virtual environment, trained models and results of the suites of trained models; kept, since training takes minutes. */
export const LEARNERS = process.env.LEARNERS ?? path.join(os.tmpdir(), 'quietproof-learners');

/** An interpreter with the packages of requirements-learners.txt, in place of a virtual environment. */
export const INTERPRETER = process.env.PYTHON;

/** The models that a suite trains by its train.py. @param suite the name of its folder */
export function trainedBy(suite: string, modules: readonly string[] = []): MadeModels {
  const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  return {
    models: path.join(LEARNERS, suite),
    script: at(`${suite}/train.py`),
    modules: modules.map((file) => at(`${suite}/${file}`)),
    requirements: at('requirements-learners.txt'),
    environment: path.join(LEARNERS, 'venv'),
    interpreter: INTERPRETER,
  };
}
