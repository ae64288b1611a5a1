import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { areMade, type MadeModels, makeModels, missingPython } from '../python-environment.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What exports the models. It has a script, pinned packages and a virtual environment of its name. */
export type Exporter = 'pytorch' | 'keras';
export type Form = 'dynamo' | 'torchscript' | 'keras';

const EXPORTER_OF: Readonly<Record<Form, Exporter>> = {
  dynamo: 'pytorch',
  torchscript: 'pytorch',
  keras: 'keras',
};

/** Other modules that the script of an exporter reads. */
const MODULES: Readonly<Record<Exporter, readonly string[]>> = {
  pytorch: ['pytorch_modules.py'],
  keras: [],
};

/** Virtual environments, exported models and results; kept, since the packages are gigabytes. */
export const ROOT = process.env.EXPORTS ?? path.join(os.tmpdir(), 'quietproof-exports');
const MODELS = path.join(ROOT, 'models');

const exportedBy = (exporter: Exporter): MadeModels => ({
  models: MODELS,
  script: path.join(HERE, `export_${exporter}.py`),
  modules: MODULES[exporter].map((file) => path.join(HERE, file)),
  requirements: path.join(HERE, `requirements-${exporter}.txt`),
  environment: path.join(ROOT, exporter),
});

/** Why the models of a form cannot be tried here; undefined if they can. */
export async function missingFor(form: Form): Promise<string | undefined> {
  return (await areMade(exportedBy(EXPORTER_OF[form]))) ? undefined : missingPython();
}

/** Installs the packages and exports all models, unless the same scripts have done so. */
export const exportModels = (exporter: Exporter): Promise<void> => makeModels(exportedBy(exporter));

/** The names of the exported models of a form, and the folder of each. */
export async function modelsOf(form: Form): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(path.join(MODELS, form))).sort();
  return new Map(names.map((name) => [name, path.join(MODELS, form, name)]));
}
