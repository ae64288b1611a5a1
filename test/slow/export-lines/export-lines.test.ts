import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compileModel } from '../../../src/compile/compile-model.ts';
import { missingFor, ROOT } from '../exports/environment.ts';
import { INTERPRETER, LEARNERS } from '../learners.ts';
import { type MadeModels, makeModels, missingPython } from '../python-environment.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const HOUR = 3_600_000;

/** The scripts, and the environments of the other suites with the same packages; that of TensorFlow.js is made by hand. */
const SCRIPTS = {
  scikit_learn: {
    folder: LEARNERS,
    environment: 'venv',
    pins: '../requirements-learners.txt',
    form: undefined,
  },
  boosting: { folder: LEARNERS, environment: 'venv', pins: '../requirements-learners.txt', form: undefined },
  pytorch: {
    folder: ROOT,
    environment: 'pytorch',
    pins: '../exports/requirements-pytorch.txt',
    form: 'dynamo',
  },
  keras_onnx: {
    folder: ROOT,
    environment: 'keras',
    pins: '../exports/requirements-keras.txt',
    form: 'keras',
  },
} as const;
type Script = keyof typeof SCRIPTS;

function madeBy(name: Script): MadeModels {
  const { folder, environment, pins, form } = SCRIPTS[name];
  return {
    models: path.join(folder, 'export-lines', name),
    script: path.join(HERE, `${name}.py`),
    modules: [path.join(HERE, 'fixture.py')],
    requirements: path.join(HERE, pins),
    environment: path.join(folder, environment),
    ...(form === undefined && { interpreter: INTERPRETER }),
  };
}

const out = await mkdtemp(path.join(os.tmpdir(), 'export-lines-'));
afterAll(() => rm(out, { recursive: true, force: true }));
const missing = await missingPython(INTERPRETER);
if (missing !== undefined) console.log(`Skipped: ${missing}`);

describe.skipIf(missing !== undefined).each(Object.keys(SCRIPTS) as Script[])('%s', (name) => {
  it(
    'runs the lines of the docs, and each file compiles with calibration rows alone',
    async (context) => {
      const { form } = SCRIPTS[name];
      const lacking = form === undefined ? undefined : await missingFor(form);
      if (lacking !== undefined) context.skip(lacking);
      const made = madeBy(name);
      await makeModels(made);
      const found = await readdir(made.models, { withFileTypes: true });
      const models = found.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
      expect(models.length).toBeGreaterThan(1);
      for (const model of models) {
        const folder = path.join(made.models, model);
        const { manifest, judgement } = await compileModel({
          model: path.join(folder, 'model.onnx'),
          calibration: path.join(folder, 'rows.json'),
          out: path.join(out, model),
        });
        expect(manifest.manifest.claims?.soundness, model).toMatchObject({ verdict: 'proved' });
        console.log(
          `${model}: ${manifest.cost.constraints} constraints, ${judgement.comparison?.flips?.count ?? 0} labels flip`,
        );
      }
    },
    HOUR,
  );
});
