import { grainGenConstants, poseidon } from '@noble/curves/abstract/poseidon.js';
import { bn254 } from '@noble/curves/bn254.js';
import { canonical } from '../canonical.ts';
import { low, sha256 } from './seal.ts';

const PARTIAL = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

function poseidonOf(inputs: readonly bigint[]): bigint {
  const t = inputs.length + 1;
  const options = {
    Fp: bn254.fields.Fr,
    t,
    roundsFull: 8,
    roundsPartial: PARTIAL[t - 2] as number,
    sboxPower: 5,
  };
  return poseidon({ ...options, ...grainGenConstants(options) })([0n, ...inputs])[0] as bigint;
}

/** The input digest of SPEC.md, section 6. `widths` are bits per value. */
export function inputDigest(values: readonly number[], widths: readonly number[], salt: bigint): bigint {
  const list = [salt];
  let filled = 254;
  for (const [i, value] of values.entries()) {
    const width = widths[i] as number;
    if (filled + width > 253) {
      list.push(0n);
      filled = 0;
    }
    list.push((list.pop() as bigint) + (BigInt(value) << BigInt(filled)));
    filled += width;
  }
  let h = low(sha256('quietproof/digest/v1', canonical({ count: values.length, widths })));
  for (let at = 0; at < list.length; at += 15) h = poseidonOf([h, ...list.slice(at, at + 15)]);
  return h;
}
