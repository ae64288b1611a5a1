import { AbiCoder, Interface, id } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AbiValue, abiEncode } from '../../../src/export/solidity/abi.ts';
import { bundleCalls, castLine } from '../../../src/export/solidity/bundle-calls.ts';
import { digestBundle, digestRecord, publicBundle, publicRecord } from '../../verify/support/corpus.ts';

const uint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const value: fc.Arbitrary<{ type: string; ours: AbiValue; theirs: unknown }> = fc.oneof(
  uint.map((n) => ({ type: 'uint256', ours: { kind: 'word', value: n } as const, theirs: n })),
  fc
    .array(uint, { minLength: 8, maxLength: 8 })
    .map((n) => ({ type: 'uint256[8]', ours: { kind: 'words', values: n } as const, theirs: n })),
  fc
    .array(uint, { maxLength: 5 })
    .map((n) => ({ type: 'uint256[]', ours: { kind: 'array', values: n } as const, theirs: n })),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => {
    const hex = Buffer.from(bytes).toString('hex');
    return { type: 'bytes', ours: { kind: 'bytes', hex } as const, theirs: `0x${hex}` };
  }),
);

test('values are encoded as ethers encodes them', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (values) => {
      const theirs = AbiCoder.defaultAbiCoder().encode(
        values.map(({ type }) => type),
        values.map((each) => each.theirs),
      );
      expect(`0x${abiEncode(values.map(({ ours }) => ours))}`).toBe(theirs);
    }),
  );
});

describe.each([
  ['digest', digestRecord(), digestBundle(1)],
  ['public', publicRecord(), publicBundle(1)],
])('the calls for a bundle with %s input', (_, record, bundle) => {
  const calls = bundleCalls(bundle, record);

  test('have the selectors of their signatures and the encoding of their arguments', () => {
    for (const { signature, args, calldata } of [calls.verify, calls.requireInference]) {
      expect(calldata.slice(0, 10)).toBe(id(signature).slice(0, 10));
      const abi = new Interface([`function ${signature}`]);
      expect(calldata).toBe(abi.encodeFunctionData(signature.split('(')[0]!, args as unknown[]));
    }
  });

  test('carry the signals and the proof of the bundle', () => {
    const [proof, signals] = calls.verify.args as [string[], string[]];
    expect(signals.map((word) => BigInt(word).toString())).toEqual(bundle.publicSignals);
    const { pi_a, pi_b, pi_c } = bundle.proof;
    const points = [pi_a[0], pi_a[1], pi_b[0][1], pi_b[0][0], pi_b[1][1], pi_b[1][0], pi_c[0], pi_c[1]];
    expect(proof.map((word) => BigInt(word).toString())).toEqual(points);
    expect(calls.modelId).toBe(`0x${record.ids.modelId}`);
    expect(calls.requireInference.args[0]).toBe(calls.modelId);
  });

  test('are printed as a command line for cast', () => {
    const [proof, signals] = calls.verify.args as [string[], string[]];
    expect(castLine(calls)).toBe(
      `cast call "$VERIFIER" 'check(uint256[8],uint256[])(bool)' '[${proof.join(',')}]' '[${signals.join(',')}]'`,
    );
  });
});
