import { generateKeyPairSync } from 'node:crypto';
import { noteSigner } from '../../src/log/note-signer.ts';

export const ORIGIN = 'log.example/credit';

export function newSigner(name = ORIGIN, kind: 'note' | 'cosignature' = 'note') {
  return noteSigner(name, kind, generateKeyPairSync('ed25519').privateKey);
}

/** Entries like those of a log of answers: 32 bytes each. */
export function entries(count: number, from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const entry = new Uint8Array(32);
    new DataView(entry.buffer).setUint32(0, from + i);
    return entry;
  });
}
