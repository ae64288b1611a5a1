import { readFileSync } from 'node:fs';
import {
  type Bundle,
  type Manifest,
  type ModelInterface,
  type ModelRecord,
  type ProofJson,
  R,
  type SetupRecord,
  type VerificationKeyJson,
} from '@quietproof/verify';
import { assembleBundle, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeModelRecord } from '../../../src/bundle/make-model-record.ts';

/** Real keys and proofs of the circuits beside this file. */
export interface Groth16Fixture {
  readonly verificationKey: VerificationKeyJson;
  readonly proofs: readonly { readonly proof: ProofJson; readonly publicSignals: readonly string[] }[];
  readonly otherSetup: Pick<Groth16Fixture, 'verificationKey' | 'proofs'>;
  readonly uncontributedKey: VerificationKeyJson;
}

export function groth16Fixture(name: 'digest-label' | 'public-logits'): Groth16Fixture {
  const file = new URL(`../../fixtures/groth16/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Groth16Fixture;
}

export const digestFixture = groth16Fixture('digest-label');
export const publicFixture = groth16Fixture('public-logits');

/** The input and the context of the proofs in `digestFixture`. */
export const DIGEST_VALUES = [1, 2, 3, 4];
export const DIGEST_SALT = 1234567890n;
export const ORDER_7 = new TextEncoder().encode('order 7');
const CONTEXT_MAX = ((1n << 248n) - 1n).toString();

export const digestInterface: ModelInterface = {
  version: 'quietproof/interface/v1',
  name: 'digits',
  output: {
    kind: 'argmax',
    count: 10,
    names: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  },
  input: {
    mode: 'digest',
    shape: [2, 2],
    encoding: { kind: 'affine', offset: '-1', step: '0.5', max: '255' },
    names: ['a', 'b', 'c', 'd'],
    units: ['mm', 'mm', 'kg', 'kg'],
  },
  context: { encoding: 'quietproof/context/v1' },
  signals: [
    { role: 'output', count: 1, max: '9' },
    { role: 'digest', count: 1, max: (R - 1n).toString() },
    { role: 'context', count: 1, max: CONTEXT_MAX },
  ],
};

export const publicInterface: ModelInterface = {
  version: 'quietproof/interface/v1',
  name: 'scores',
  output: {
    kind: 'logits',
    count: 2,
    lo: ['-10', '-20'],
    scale: '0.25',
    head: 'softmax',
    names: ['no', 'yes'],
  },
  input: {
    mode: 'public',
    shape: [3],
    encoding: { kind: 'affine', offset: ['0', '10', '-3.5'], step: ['1', '0.5', '0.125'], max: '255' },
  },
  context: { encoding: 'quietproof/context/v1' },
  signals: [
    { role: 'output', count: 2, max: ['70000', '70000'] },
    { role: 'input', count: 3, max: '255' },
    { role: 'context', count: 1, max: CONTEXT_MAX },
  ],
};

export const development: SetupRecord = { kind: 'development', contributions: [] };
export const ceremony: SetupRecord = {
  kind: 'ceremony',
  ptau: { blake2b: 'ab'.repeat(64), name: 'unrecognised' },
  contributions: [{ name: 'one', hash: 'cd'.repeat(64), kind: 'contribution' }],
};

export function manifestOf(circuit: string, file = 'digits.onnx'): Manifest {
  return {
    version: 'quietproof/manifest/v1',
    source: { format: 'onnx', file, producer: 'pytorch 2.4' },
    chain: { source: '1'.repeat(64), integerGraph: '2'.repeat(64), circom: '3'.repeat(64), circuit },
    bounds: '4'.repeat(64),
    accuracy: '5'.repeat(64),
    quantization: { weightBits: 8, inputBits: 8, activationBits: 8, selection: 'auto' },
    weights: 'constants',
    constraints: 3,
    tools: { circom: '2.2.2', quietproof: '0.1.0' },
    claims: { producer: 'Tests', accuracy: { rows: 200, labelFlips: 0, floatAccuracy: '0.975' } },
  };
}

export function digestRecord(setup = development, key = digestFixture.verificationKey): ModelRecord {
  const manifest = manifestOf('a'.repeat(64));
  return makeModelRecord({ interface: digestInterface, manifest, setup, verificationKey: key });
}

export function publicRecord(setup = ceremony, key = publicFixture.verificationKey): ModelRecord {
  const manifest = manifestOf('b'.repeat(64), 'scores.onnx');
  return makeModelRecord({ interface: publicInterface, manifest, setup, verificationKey: key });
}

/** A packed, valid bundle; `index` picks one of the fixture's proofs. */
export function bundleOf(model: ModelRecord, fixture: Pick<Groth16Fixture, 'proofs'>, index: number): Bundle {
  const proved = fixture.proofs[index]!;
  return packBundle(assembleBundle(model, { ...proved, row: { index } }), model);
}

export const digestBundle = (index = 0) => bundleOf(digestRecord(), digestFixture, index);
export const publicBundle = (index = 0) => bundleOf(publicRecord(), publicFixture, index);
