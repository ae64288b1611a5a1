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
