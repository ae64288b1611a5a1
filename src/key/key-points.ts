import type { G1Json, G2Json, VerificationKeyJson } from '@quietproof/verify';
import { ELEMENT_BYTES, fromMontgomery, readElement } from '../field/bn254.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES } from '../formats/zkey-layout.ts';

/** The verification key that a proving key contains, in snarkjs' JSON form without vk_alphabeta_12. */
export function verificationKeyOf(zkey: Zkey): VerificationKeyJson {
  const ic: G1Json[] = [];
  for (let at = 0; at < zkey.ic.length; at += G1_BYTES) ic.push(g1Json(zkey.ic.subarray(at, at + G1_BYTES)));
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: zkey.nPublic,
    vk_alpha_1: g1Json(zkey.alpha1),
    vk_beta_2: g2Json(zkey.beta2),
    vk_gamma_2: g2Json(zkey.gamma2),
    vk_delta_2: g2Json(zkey.delta2),
    IC: ic,
  };
}

/** An affine point from zkey form. The point at infinity becomes ("0", "0"), which is not on the curve. */
export function g1Json(point: Uint8Array): G1Json {
  const [x, y] = coordinates(point) as [string, string];
  return [x, y, '1'];
}

export function g2Json(point: Uint8Array): G2Json {
  const [x0, x1, y0, y1] = coordinates(point) as [string, string, string, string];
  return [
    [x0, x1],
    [y0, y1],
    ['1', '0'],
  ];
}

function coordinates(point: Uint8Array): string[] {
  return Array.from({ length: point.length / ELEMENT_BYTES }, (_, i) =>
    fromMontgomery(readElement(point, i * ELEMENT_BYTES)).toString(),
  );
}

/**
 * A point in the form that phase-2 transcripts hash: plain big-endian coordinates, with the imaginary part of an
 * extension element first (snarkjs `toRprUncompressed`).
 */
export function uncompressed(point: Uint8Array): Uint8Array {
  const elements = point.length / ELEMENT_BYTES;
  const bytes = new Uint8Array(point.length);
  for (let i = 0; i < elements; i += 1) {
    const plain = fromMontgomery(readElement(point, i * ELEMENT_BYTES));
    const hex = plain.toString(16).padStart(2 * ELEMENT_BYTES, '0');
    const at = elements === 4 ? i ^ 1 : i;
    bytes.set(Buffer.from(hex, 'hex'), at * ELEMENT_BYTES);
  }
  return bytes;
}
