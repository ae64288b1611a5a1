import type { ByteCursor } from './byte-cursor.ts';
import { G1_BYTES, G2_BYTES } from './zkey-layout.ts';

/** One phase-2 contribution in section 10 of a zkey. Points are in zkey form (little-endian Montgomery). */
export interface ZkeyContribution {
  readonly deltaAfter: Uint8Array;
  readonly g1S: Uint8Array;
  readonly g1Sx: Uint8Array;
  readonly g2Spx: Uint8Array;
  /** blake2b-512 of all earlier parts of the transcript. */
  readonly transcript: Uint8Array;
  readonly kind: 'contribution' | 'beacon';
  /** At most 255 bytes of UTF-8; may be empty. */
  readonly name: string;
  /** Only for a beacon: the public randomness, and the binary logarithm of the number of hash iterations. */
  readonly beacon?: { readonly hash: Uint8Array; readonly iterationsExponent: number };
}

export interface ZkeyTranscript {
  /** Digest of the key before the first contribution. */
  readonly circuitHash: Uint8Array;
  readonly contributions: readonly ZkeyContribution[];
}

const HASH_BYTES = 64;

export function readTranscript(cursor: ByteCursor): ZkeyTranscript {
  const circuitHash = cursor.take(HASH_BYTES);
  const count = cursor.u32();
  const contributions: ZkeyContribution[] = [];
  for (let i = 0; i < count; i += 1) contributions.push(readContribution(cursor));
  cursor.end();
  return { circuitHash, contributions };
}

function readContribution(cursor: ByteCursor): ZkeyContribution {
  const fixed = {
    deltaAfter: cursor.take(G1_BYTES),
    g1S: cursor.take(G1_BYTES),
    g1Sx: cursor.take(G1_BYTES),
    g2Spx: cursor.take(G2_BYTES),
    transcript: cursor.take(HASH_BYTES),
  };
  const type = cursor.u32();
  if (type > 1) cursor.refuse(`contribution type ${type} is unknown`);
  const parameters = readParameters(cursor);
  const name = parameters.name ?? '';
  if (type === 0) return { ...fixed, kind: 'contribution', name };
  const { hash, iterationsExponent } = parameters;
  if (hash === undefined || iterationsExponent === undefined) cursor.refuse('a beacon has no parameters');
  return { ...fixed, kind: 'beacon', name, beacon: { hash, iterationsExponent } };
}

interface Parameters {
  name?: string;
  iterationsExponent?: number;
  hash?: Uint8Array;
}

/** Tagged parameters in ascending order: 1 name, 2 beacon iterations, 3 beacon hash. */
function readParameters(cursor: ByteCursor): Parameters {
  const length = cursor.u32();
  const end = cursor.position + length;
  if (length > cursor.remaining) cursor.refuse('contribution parameters run past the end of the section');
  const parameters: Parameters = {};
  let lastTag = 0;
  while (cursor.position < end) {
    const tag = cursor.u8();
    if (tag <= lastTag) cursor.refuse('contribution parameters are not in order');
    lastTag = tag;
    if (tag === 1) parameters.name = new TextDecoder().decode(cursor.take(cursor.u8()));
    else if (tag === 2) parameters.iterationsExponent = cursor.u8();
    else if (tag === 3) parameters.hash = cursor.take(cursor.u8());
    else cursor.refuse(`contribution parameter ${tag} is unknown`);
  }
  if (cursor.position !== end) cursor.refuse('contribution parameters have the wrong length');
  return parameters;
}
