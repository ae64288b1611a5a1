import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MISSING_BROWSER, openBrowser } from '../export/browser/support/browser.ts';
import { fillIn } from '../export/browser/support/states.ts';
import { buildOnnx } from '../import/onnx/build-onnx.ts';
import { noise } from '../import/onnx/compare.ts';
import { runCli } from './support/run-cli.ts';
import { runHere } from './support/run-here.ts';

const TEXT = 8;
const ML = 'ai.onnx.ml';

/** Two numbers, of which an Imputer replaces the missing ones, and a text of which the encoder takes any. */
const MODEL = buildOnnx({
  input: ['N', 1],
  inputs: { age: { shape: ['N', 1] }, purpose: { shape: ['N', 1], type: TEXT } },
  ...{ opset: 17, learnedOpset: 3 },
  weights: { shape: { shape: [2], data: [-1, 3], int: true } },
  outputs: [
    { name: 'label', type: TEXT },
    { name: 'probabilities', keys: TEXT },
  ],
  nodes: [
    { op: 'Concat', inputs: ['x', 'age'], output: 'numbers', attributes: { axis: 1 } },
    {
      ...{ op: 'Imputer', domain: ML, inputs: ['numbers'], output: 'full' },
      attributes: {
        imputed_value_floats: { floats: [1500, 35] },
        replaced_value_float: { float: Number.NaN },
      },
    },
    {
      ...{ op: 'Scaler', domain: ML, inputs: ['full'], output: 'scaled' },
      attributes: { offset: { floats: [1500, 35] }, scale: { floats: [1 / 500, 1 / 10] } },
    },
    {
      ...{ op: 'OneHotEncoder', domain: ML, inputs: ['purpose'], output: 'one' },
      attributes: { cats_strings: { strings: ['car', 'nan', 'tv'] }, zeros: 1 },
    },
    { op: 'Reshape', inputs: ['one', 'shape'], output: 'flat' },
    { op: 'Concat', inputs: ['scaled', 'flat'], output: 'all', attributes: { axis: 1 } },
    {
      ...{ op: 'LinearClassifier', domain: ML, inputs: ['all'], output: 'label', further: ['scores'] },
      attributes: {
        coefficients: { floats: [-1.2, 0.8, 0.9, -2, 0.4] },
        intercepts: { floats: [0.1] },
        classlabels_strings: { strings: ['bad', 'good'] },
        post_transform: 'LOGISTIC',
      },
    },
    {
      ...{ op: 'ZipMap', domain: ML, inputs: ['scores'], output: 'probabilities' },
      attributes: { classlabels_strings: { strings: ['bad', 'good'] } },
    },
  ],
});

/** Every third amount or age is missing, and purposes are known, missing or unknown. */
const NOISE = noise(120, 1234567);
const TRAINING = Array.from({ length: 60 }, (_, k) => {
  const amount = k % 3 === 0 ? '' : String(Math.round(1500 + 400 * NOISE[2 * k]!));
  const age = k % 3 === 1 ? '' : String(Math.round(35 + 8 * NOISE[2 * k + 1]!));
  return `${amount},${age},${['car', '', 'tv', 'boat'][k % 4]}`;
});

let root: string;
const run = async (...words: string[]) => {
  const { code, stdout, stderr } = await runCli(words, root);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
};

const at = (file: string) => path.join(root, file);

async function verified(proofs: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere([
    'verify',
    at(proofs),
    '--model',
    at('artifacts/credit'),
    ...words,
  ]);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-missing-'));
  await writeFile(at('credit.onnx'), MODEL);
  await writeFile(at('train.csv'), ['x,age,purpose', ...TRAINING].join('\n'));
  await writeFile(at('rows.csv'), 'x,age,purpose\n,41,\n1200,,boat\n1700,30,tv\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

// One model through every command, in order: each test depends on the files of the previous one.
describe('missing values, a column of texts and an unknown one, from a table to a receipt', () => {
  it('compile, setup and prove take them, and verify finds every label', async () => {
    await run('compile', 'credit.onnx', '--calibration', 'train.csv');
    await run('setup', 'artifacts/credit', '--dev');
    await run('prove', 'artifacts/credit', '--inputs', 'rows.csv', '--out', 'proofs');
    const found = await verified('proofs');
    // By hand: 0.8 · 0.6 − 2 + 0.1 < 0, 1.2 · 0.6 + 0.1 > 0, −1.2 · 0.4 − 0.8 · 0.5 + 0.4 + 0.1 < 0.
    expect(found.match(/label "(good|bad)"/g)).toEqual(['label "bad"', 'label "good"', 'label "bad"']);
  });

  it('openings say what is missing, and leave out a row whose text nobody knows any more', async () => {
    const names = (await readdir(at('proofs/private'))).toSorted();
    const openings = await Promise.all(
      names
        .filter((name) => name.endsWith('.opening.json'))
        .map(async (name) => JSON.parse(await readFile(at(`proofs/private/${name}`), 'utf8'))),
    );
    expect(openings.map(({ input }) => input)).toEqual([
      ['NaN', '41', 'nan'],
      undefined,
      ['1700', '30', 'tv'],
    ]);
  });

  it('verify compares them with a row of the table', async () => {
    for (const [name, row] of [
      ['000000', at('rows.csv#0')],
      ['000000', '["NaN",41,"nan"]'],
      ['000001', at('rows.csv#1')],
    ] as const) {
      const opening = at(`proofs/private/${name}.opening.json`);
      await verified(`proofs/${name}.proof.json`, '--opening', opening, '--input', row);
    }
  });

  it('rederive derives the same model from the same table', async () => {
    const found = await run(
      'rederive',
      'artifacts/credit',
      '--model',
      'credit.onnx',
      '--calibration',
      'train.csv',
    );
    expect(found).not.toContain('✗');
  });

  it.skipIf(MISSING_BROWSER !== undefined)(
    'the receipt shows them, and compares what a reader leaves empty',
    async () => {
      const browser = await openBrowser();
      try {
        const shown = async (name: string, row: string) => {
          await run('receipt', `proofs/${name}.proof.json`);
          const page = await browser.context.newPage();
          await page.goto(pathToFileURL(at(`proofs/${name}.receipt.html`)).href);
          await page.waitForFunction(() => document.documentElement.dataset.state !== 'checking');
          await page.setInputFiles('#opening', at(`proofs/private/${name}.opening.json`));
          await page.waitForFunction(() =>
            document.querySelector('[data-check=input]')?.classList.contains('pass'),
          );
          await fillIn(page, { '#row': row });
          const rows = await page.locator('#data-said tbody tr').all();
          const texts = await Promise.all(rows.map((own) => own.locator('th, td').allTextContents()));
          return { page, texts };
        };
        const { page, texts } = await shown('000000', ',41,');
        expect(texts.map(([, given, proved]) => [given, proved])).toEqual([
          [expect.stringContaining('missing'), 'missing'],
          [expect.stringContaining('41'), expect.stringContaining('41')],
          [expect.stringContaining('missing'), 'missing'],
        ]);
        await fillIn(page, { '#row': '1500,41,' });
        expect(await page.textContent('.check.fail')).toContain('QP7604');
        const unknown = await shown('000001', '1200,,yacht');
        expect(unknown.texts[1]!.join()).toContain('missing');
        expect(unknown.texts[2]!.join()).toContain('a category the model does not know');
      } finally {
        await browser.close();
      }
    },
  );
});
