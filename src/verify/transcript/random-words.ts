/** "expand 32-byte k", as little-endian words. */
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
const BLOCK_WORDS = 16;
const KEY_WORDS = 8;
const COUNTER = CONSTANTS.length + KEY_WORDS;

/** The words on which a quarter round works: columns, then diagonals (RFC 8439, section 2.3). */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/**
 * The words of ChaCha20 (RFC 8439) under a key, from block 0, with nonce 0. Unlike there, the key is read as big-endian
 * words: so does the format of phase-2 transcripts (SPEC.md, section 21).
 *
 * @param key its first 32 bytes are used
 */
export function* randomWords(key: Uint8Array): Generator<number, never> {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const state = new Uint32Array(BLOCK_WORDS);
  state.set(CONSTANTS);
  for (let i = 0; i < KEY_WORDS; i += 1) state[CONSTANTS.length + i] = view.getUint32(4 * i);
  for (;;) {
    yield* block(state);
    // No caller comes near the 2^32 blocks after which the counter would need a second word.
    state[COUNTER] = (state[COUNTER] as number) + 1;
  }
}

function block(state: Uint32Array): Uint32Array {
  const words = Uint32Array.from(state);
  for (let twice = 0; twice < 10; twice += 1) {
    for (const quarter of QUARTERS) quarterRound(words, quarter);
  }
  return words.map((word, i) => word + (state[i] as number));
}

function quarterRound(w: Uint32Array, [a, b, c, d]: (typeof QUARTERS)[number]): void {
  const step = (sum: number, add: number, mix: number, bits: number) => {
    w[sum] = (w[sum] as number) + (w[add] as number);
    const mixed = (w[mix] as number) ^ (w[sum] as number);
    w[mix] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}
