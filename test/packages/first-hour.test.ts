import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../docs/fenced-blocks.ts';
import { type InstalledFolder, type PackedPackages, packPackages } from './install-packed.ts';

/*
 * What a builder and a verifier do in their first hour, with released packages in an empty folder each: their own files,
 * the next step that each command prints, and the mistakes that people make.
 */
const NEW_FLOWERS = 8;

let packages: PackedPackages;
let builder: InstalledFolder;
/** As `setup` printed it, for the builder to publish. */
let model: string;

beforeAll(async () => {
  packages = await packPackages();
  builder = await packages.installIn('builder', ['quietproof', '@quietproof/client', '@quietproof/verify']);
  await copyFile(`${ROOT}models/iris-mlp/model.onnx`, path.join(builder.path, 'flowers.onnx'));
  await writeFile(path.join(builder.path, 'flowers.csv'), await irisAsCsv());
  await writeFile(path.join(builder.path, 'new-flowers.csv'), await irisAsCsv(NEW_FLOWERS));
});

afterAll(() => packages.remove());

describe('a builder', () => {
  test('sees what there is, and mistakes are named', async () => {
    expect(await builder.run('quietproof')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage:'),
    });
    const misspelt = await builder.run('quietproof', 'inspct', 'flowers.onnx');
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining('inspect') });
    const missing = await builder.run('quietproof', 'inspect', 'flower.onnx');
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/^QP\d{4} .*flower\.onnx/) });
  });

  test('gets from a model and a spreadsheet to proofs, by the next step that each command prints', async () => {
    let step = ['inspect', 'flowers.onnx'];
    const taken = [];
    for (;;) {
      const { code, stdout, stderr } = await builder.run('quietproof', ...step);
      expect(code, `quietproof ${step.join(' ')}\n${stdout}${stderr}`).toBe(0);
      taken.push(step[0]);
      if (step[0] === 'setup') model = stdout.match(/model id +([0-9a-f]{64})/)![1]!;
      if (step[0] === 'verify') break;
      step = nextStep(stdout);
    }
    expect(taken).toEqual(['inspect', 'compile', 'setup', 'prove', 'verify']);
  });

  test('writes a receipt, and a program that proves and verifies', async () => {
    const receipt = await builder.run(
      'quietproof',
      'receipt',
      'proofs/000001.proof.json',
      '--out',
      'receipt.html',
    );
    expect(receipt.code, receipt.stderr).toBe(0);
    await writeFile(path.join(builder.path, 'program.mjs'), PROGRAM);
    const program = await builder.run('node', 'program.mjs');
    expect(program, program.stderr).toMatchObject({ code: 0, stdout: 'true\n' });
  });
});

describe('a verifier, with the small package alone', () => {
  let verifier: InstalledFolder;
  const verify = (...words: string[]) => verifier.run('quietproof-verify', ...words);

  beforeAll(async () => {
    verifier = await packages.installIn('verifier', ['@quietproof/verify']);
    for (const file of ['proofs/000001.proof.json', 'receipt.html']) {
      await copyFile(path.join(builder.path, file), path.join(verifier.path, path.basename(file)));
    }
  });

  test('checks a receipt that came by mail', async () => {
    expect((await verify('receipt.html', '--model', model)).code).toBe(0);
  });

  test('is told what is missing beside a lone proof, and checks it when it is there', async () => {
    const lone = await verify('000001.proof.json', '--model', model);
    expect(lone.stdout + lone.stderr).toMatch(/model\.json/);
    expect(lone.stdout + lone.stderr).not.toMatch(/not valid/i);
    expect(lone.code).not.toBe(0);
    await copyFile(path.join(builder.path, 'proofs/model.json'), path.join(verifier.path, 'model.json'));
    expect((await verify('000001.proof.json', '--model', model)).code).toBe(0);
  });

  test('checks a packed proof that came by mail, alone', async () => {
    const packed = await builder.run('quietproof', 'bundle', 'pack', 'proofs/000002.proof.json');
    expect(packed.code, packed.stderr).toBe(0);
    await copyFile(
      path.join(builder.path, 'proofs/000002.packed.json'),
      path.join(verifier.path, 'mailed.json'),
    );
    expect((await verify('mailed.json', '--model', model)).code).toBe(0);
  });

  test('sees a changed answer refused, another model named, and a short id called short', async () => {
    const bundle = JSON.parse(await readFile(path.join(verifier.path, '000001.proof.json'), 'utf8'));
    bundle.publicSignals[0] = bundle.publicSignals[0] === '0' ? '1' : '0';
    await writeFile(path.join(verifier.path, 'changed.proof.json'), JSON.stringify(bundle));
    const changed = await verify('changed.proof.json', '--model', model);
    expect(changed).toMatchObject({ code: 1, stdout: expect.stringMatching(/not valid/i) });
    expect((await verify('000001.proof.json', '--model', 'f'.repeat(64))).code).toBe(1);
    const short = await verify('000001.proof.json', '--model', model.slice(0, 16));
    expect(short.code).toBe(2);
    expect(short.stderr).toMatch(/too short/);
  });
});

/** The first test rows as a spreadsheet or pandas writes them: with a header and a column of labels. Default all. */
async function irisAsCsv(count?: number): Promise<string> {
  const { inputs, labels } = JSON.parse(await readFile(`${ROOT}models/iris-mlp/test.json`, 'utf8'));
  const lines = inputs
    .slice(0, count)
    .map((row: readonly number[], index: number) => [...row, labels[index]].join(','));
  return `${['sepal length,sepal width,petal length,petal width,label', ...lines].join('\n')}\n`;
}

/** The words of the command that an output ends with, with the user's data in place of `DATA`. */
function nextStep(output: string): string[] {
  const line = output.split('\n').findLast((text) => text.startsWith('→ quietproof '));
  if (line === undefined) throw new Error(`no next step in: ${output}`);
  const step = line.replace('→ quietproof ', '');
  return step.replace('DATA', step.startsWith('prove ') ? 'new-flowers.csv' : 'flowers.csv').split(' ');
}

const PROGRAM = `
import { modelIdOf, verifyFiles } from 'quietproof';

const model = await modelIdOf('artifacts/flowers');
const verdicts = [];
for await (const { verdict } of verifyFiles(['proofs'], { model })) verdicts.push(verdict.accepted);
console.log(verdicts.length === ${NEW_FLOWERS} && verdicts.every(Boolean));
`;
