/** Transcripts of SPEC.md, section 21, written independently of the verifier. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { vectors } from '../../materialise.ts';
import type { Json } from '../canonical.ts';

/** A ceremony made by snarkjs: its key, setup, transcript, and proofs of the labels 4 and 9. A fresh copy. */
export function ceremony(): Json {
  const file = new URL('../../fixtures/ceremony/ceremony.json', vectors('bundles'));
  return JSON.parse(readFileSync(file, 'utf8'));
}

function coordinates([x, y]: Json): Buffer {
  const flat = Array.isArray(x) ? [x[1], x[0], y[1], y[0]] : [x, y];
  return Buffer.concat(
    flat.map((one: string) => Buffer.from(BigInt(one).toString(16).padStart(64, '0'), 'hex')),
  );
}

function publicKey({ deltaAfter, g1S, g1Sx, g2Spx, transcript }: Json): Buffer {
  const points = [deltaAfter, g1S, g1Sx, g2Spx].map(coordinates);
  return Buffer.concat([...points, Buffer.from(transcript, 'hex')]);
}

const blake2b = (...parts: readonly Buffer[]) =>
  createHash('blake2b512').update(Buffer.concat(parts)).digest('hex');

/** Gives every contribution the hash that it must have, as a forger would. */
export function rehash(transcript: Json): Json {
  let before = Buffer.from(transcript.initialHash, 'hex');
  for (const one of transcript.contributions) {
    one.transcript = blake2b(before, coordinates(one.g1S), coordinates(one.g1Sx));
    before = Buffer.concat([before, publicKey(one)]);
  }
  return transcript;
}

/** The setup that fits a transcript, without the transcript's digest. */
export function setupOf({ phase1, contributions }: Json): Json {
  return {
    kind: 'ceremony',
    ...(phase1 !== undefined && { ptau: { ...phase1 } }),
    contributions: contributions.map((one: Json) => ({
      name: one.name,
      hash: blake2b(publicKey(one)),
      kind: one.kind,
    })),
  };
}
