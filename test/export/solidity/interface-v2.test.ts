import { type BundleV2, type ModelRecordV2, parseAnyBundle, readingOf } from '@quietproof/verify';
import type { Contract } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleCalls } from '../../../src/export/solidity/bundle-calls.ts';
import { base } from '../../conformance/materialise.ts';
import { contextVectors } from '../../verify/support/spec-example.ts';
import { Anvil } from './support/anvil.ts';
import {
  compileLibrary,
  type DeployedVerifier,
  deployVerifier,
  outcome,
  sourcesOf,
} from './support/deploy-verifier.ts';

/**
 * The models of the corpus of version 2: one label, one score, public inputs, four outputs of every kind, and a label beside
 * its scores as the producer made it.
 */
const NAMES = ['label', 'logits', 'decision', 'mixed', 'open', 'id', 'credit'] as const;
type Name = (typeof NAMES)[number];

const bundleOf = (name: Name, row: 'a' | 'b') =>
  parseAnyBundle(base(`${name}-${row}.proof.json`, 'bundles-v2')) as BundleV2;
const recordOf = (name: Name): ModelRecordV2 => bundleOf(name, 'a').model;

let anvil: Anvil;
let registry: Contract;
const verifiers = new Map<Name, DeployedVerifier>();

beforeAll(async () => {
  anvil = await Anvil.start();
  const library = await compileLibrary(recordOf('label'));
  registry = await anvil.deploy(library.get('ModelRegistry')!, await (await anvil.signer()).getAddress());
  for (const name of NAMES) {
    const verifier = await deployVerifier(anvil, recordOf(name));
    verifiers.set(name, verifier);
    const sent = await registry.getFunction('registerModel').send(verifier.contract, '');
    await sent.wait();
  }
});
afterAll(() => anvil?.stop());

describe.each(NAMES)('the contract of %s', (name) => {
  const { max } = readingOf(recordOf(name).interface).plan;
  const rows = (['a', 'b'] as const).map((row) => bundleOf(name, row));
  const callOf = (bundle: BundleV2) => {
    const [proof, signals] = bundleCalls(bundle, bundle.model).verify.args as [string[], string[]];
    return { proof, signals };
  };

  test('accepts both rows, and the proof of neither for the other', async () => {
    const verifier = verifiers.get(name)!;
    const [a, b] = rows.map(callOf);
    expect(await verifier.verify(a!.proof, a!.signals)).toBe('valid');
    expect(await verifier.verify(b!.proof, b!.signals)).toBe('valid');
    expect(await verifier.verify(a!.proof, b!.signals)).toBe('InvalidProof');
  });

  test('holds every signal to the bound of its output or part', async () => {
    const verifier = verifiers.get(name)!;
    const { proof, signals } = callOf(rows[0]!);
    for (const [index, bound] of max.entries()) {
      const [inside, outside] = [bound, bound + 1n].map((value) => signals.with(index, `${value}`));
      expect(await verifier.verify(proof, outside!)).toBe('SignalOutOfRange');
      const same = BigInt(signals[index]!) === bound;
      expect(await verifier.verify(proof, inside!)).toBe(same ? 'valid' : 'InvalidProof');
    }
    expect(await verifier.verify(proof, signals.slice(1))).toBe('SignalCount');
    expect(await verifier.verify(proof, [...signals, '0'])).toBe('SignalCount');
  });

  test('answers through the registry, about this input and this context', async () => {
    const require = registry.getFunction('requireInference');
    for (const bundle of rows) {
      const words = bundleCalls(bundle, bundle.model).requireInference.args;
      expect(await outcome(require.staticCall(...words))).toBe('passed');
      expect(await outcome(require.staticCall(...words.with(2, 1n as never)))).toBe('ContextMismatch');
    }
  });
});

test('a context of both parts is computed as the prover computes it', async () => {
  const recordPart = `0x${Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('hex')}`;
  for (const { callerPart, signal } of contextVectors()) {
    const bytes = `0x${Buffer.from(callerPart).toString('hex')}`;
    expect(await registry.getFunction('recordContextSignal')(recordPart, bytes)).toBe(BigInt(signal));
  }
  expect(contextVectors().map(({ signal }) => signal)).toEqual(
    (['a', 'b'] as const).map((row) => bundleOf('id', row).publicSignals.at(-1)),
  );
});

test('the comments name every output and, where inputs are public, every part', async () => {
  const { files, contract } = await sourcesOf(recordOf('open'));
  const comments = files.get(`${contract}.sol`)!.match(/(?<=Public signals \(\d+\): ).*/g);
  expect(comments).toEqual([
    'decision: 1 where the score reaches the threshold: refused, granted',
    'band: index of the category: A, B, C',
    'score: 1 score, less its lowest value',
    'reasons: 3 scores, each less its lowest value',
    'amount: 1 input value',
    'months: 1 input value',
    'purpose: 1 input value',
    'history: 24 input values',
    'context: sha256 of a text, without its top 8 bits',
  ]);
});
