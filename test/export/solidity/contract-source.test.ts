import { fileJson, prepareModel } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeModelRecord } from '../../../src/bundle/make-model-record.ts';
import { proofWords } from '../../../src/export/solidity/bundle-calls.ts';
import { SOLC_VERSION } from '../../../src/export/solidity/compiler-settings.ts';
import { estimateCodeSize, MAX_CODE_SIZE, planContract } from '../../../src/export/solidity/contract-plan.ts';
import { contractName, soliditySources } from '../../../src/export/solidity/solidity-sources.ts';
import { digestFixture, digestInterface, digestRecord, manifestOf } from '../../verify/support/corpus.ts';
import { Anvil } from './support/anvil.ts';
import { compile, solcVersion } from './support/compile.ts';
import { deployVerifier, sourcesOf } from './support/deploy-verifier.ts';
import {
  boundsOf,
  labelInterface,
  logitsInterface,
  publicInputsInterface,
  syntheticModel,
} from './support/synthetic-record.ts';

let anvil: Anvil;
beforeAll(async () => {
  anvil = await Anvil.start();
});
afterAll(() => anvil?.stop());

/** Interfaces that cover every branch of the generator. */
const MODELS = {
  'two labels': labelInterface(2),
  'a million labels: nothing is small': labelInterface(1_000_000),
  'large scores': logitsInterface(['900000', '1000000', '999999']),
  'scores of different widths': logitsInterface(['1', '255', '70000', '3']),
  '64 public inputs': publicInputsInterface(64),
  '5 public inputs with different bounds': publicInputsInterface(5, ['1', '2', '2', '2', '131071']),
  '4 public inputs too large for bits': publicInputsInterface(4, '9007199254740991'),
};

describe.each(Object.entries(MODELS))('%s', (_, modelInterface) => {
  const { record, key } = syntheticModel(modelInterface);
  const bounds = boundsOf(modelInterface);

  test('the sum is right for the smallest, the largest and other signals, and other values are refused', async () => {
    const verifier = await deployVerifier(anvil, record);
    const rows = [
      bounds.map(() => 0n),
      bounds,
      bounds.map((max, i) => (max * BigInt(i + 3)) / BigInt(2 * i + 7)),
      bounds.map((max, i) => (i % 2 === 0 ? max : 0n)),
    ];
    for (const signals of rows) {
      const points = proofWords(key.prove(signals));
      expect(await verifier.verify(points, signals)).toBe('valid');
      const index = signals.length >> 1;
      const wrong = signals.with(index, signals[index] === 0n ? 1n : signals[index]! - 1n);
      expect(await verifier.verify(points, wrong)).toBe('InvalidProof');
      const outside = bounds.map((max, i) => signals.with(i, max + 1n));
      for (const values of outside.slice(0, 6))
        expect(await verifier.verify(points, values)).toBe('SignalOutOfRange');
    }
    const estimate = estimateCodeSize(planContract(prepareModel(fileJson(record)).plan));
    expect(verifier.compiled.size).toBeLessThanOrEqual(estimate);
    expect(verifier.compiled.size).toBeGreaterThan(0.9 * estimate);
  });
});

test('a sum that is the point at infinity works too', async () => {
  const { record, key } = syntheticModel(labelInterface(10));
  const start = [3n, 0n, 5n];
  const signals = start.with(1, key.cancel(start, 1));
  const verifier = await deployVerifier(anvil, record);
  expect(await verifier.verify(proofWords(key.prove(signals)), signals)).toBe('valid');
});

describe('models with many public inputs', () => {
  const largest = 270;

  test('deploy and verify while their code fits', async () => {
    const { record, key } = syntheticModel(publicInputsInterface(largest));
    const { codeSize } = await sourcesOf(record);
    const verifier = await deployVerifier(anvil, record);
    expect(verifier.compiled.size).toBeLessThanOrEqual(codeSize);
    expect(verifier.compiled.size).toBeLessThanOrEqual(MAX_CODE_SIZE);
    const signals = boundsOf(record.interface).map((max, i) => (i > largest ? max : BigInt(i) % (max + 1n)));
    expect(await verifier.verify(proofWords(key.prove(signals)), signals)).toBe('valid');
  });

  test('784 of them are refused, with a fix', async () => {
    const { record } = syntheticModel(publicInputsInterface(784));
    await expect(sourcesOf(record)).rejects.toMatchObject({
      code: 'QP7952',
      where: expect.stringContaining('786 public signals'),
      fix: expect.stringContaining('--input digest'),
    });
  });
});

test('all files require the compiler version of the tests', async () => {
  const { files } = await sourcesOf(digestRecord());
  expect(solcVersion()).toContain(`${SOLC_VERSION}+`);
  for (const text of files.values()) {
    expect(text).toContain('// SPDX-License-Identifier: MIT OR Apache-2.0\n');
    expect(text).toContain(`pragma solidity ${SOLC_VERSION};`);
  }
});

describe('the content of a contract', () => {
  test('has no key without a contribution', async () => {
    const setup = { kind: 'development', contributions: [] } as const;
    const parts = { interface: digestInterface, manifest: manifestOf('a'.repeat(64)), setup };
    const key = digestFixture.uncontributedKey;
    expect(() => makeModelRecord({ ...parts, verificationKey: key })).toThrow(/QP7307/);
    const record = { ...digestRecord(), verificationKey: key };
    await expect(async () => soliditySources(prepareModel(fileJson(record)))).rejects.toThrow(/QP7/);
  });

  test('is the same every time, and has no text from a model that could end a comment', async () => {
    const names = ['*/ selfdestruct(payable(0)); /*', '@title x', 'a"b\\c', 'naïve ‮', 'x'.repeat(900)];
    const record = makeModelRecord({
      ...digestRecord(),
      interface: {
        ...labelInterface(names.length),
        name: '*/ evil() {} //',
        output: {
          kind: 'argmax',
          count: names.length,
          names: names.map((name) => name.replace(/\u202e/, '')),
        },
      },
    });
    const [one, two] = await Promise.all([sourcesOf(record), sourcesOf(record)]);
    expect([...two.files]).toEqual([...one.files]);
    expect(one.contract).toBe('EvilVerifier');
    const text = one.files.get('EvilVerifier.sol')!;
    const comments = text
      .split('\n')
      .filter((line) => line.includes('selfdestruct') || line.includes('evil'));
    for (const line of comments) expect(line).toMatch(/^ {4}\/\/ [ A-Za-z0-9.,:;()+%=_?-]*$/);
    expect(compile(one.files).get('EvilVerifier')!.size).toBeGreaterThan(0);
  });

  test.each([
    ['digits-mlp', 'DigitsMlpVerifier'],
    ['4 seasons', 'Model4SeasonsVerifier'],
    ['', 'ModelVerifier'],
    ['日本', 'ModelVerifier'],
    ['IQuietproof', 'ModelIQuietproofVerifier'],
    ['a'.repeat(200), `A${'a'.repeat(63)}Verifier`],
  ])('%j is named %s', (model, name) => {
    expect(contractName(model)).toBe(name);
  });
});
