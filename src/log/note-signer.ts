import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { encodeBase64, type NoteKey, type NoteKeyKind, noteKey, signedBytes } from '@quietproof/verify/log';

/** Signs notes with one key. */
export interface NoteSigner {
  readonly key: NoteKey;
  /**
   * A line for the end of a note.
   *
   * @param text of the note, with its final newline
   * @param time of a cosignature, in seconds since 1970
   */
  signatureLine(text: string, time?: number): string;
}

/**
 * @param name of the key, without spaces and plus signs
 * @param privateKey an Ed25519 key
 */
export function noteSigner(name: string, kind: NoteKeyKind, privateKey: KeyObject): NoteSigner {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  // The 32 bytes of the key end its SubjectPublicKeyInfo.
  const key = noteKey(name, kind, new Uint8Array(spki.subarray(-32)));
  return {
    key,
    signatureLine(text, time) {
      const signature = sign(null, signedBytes(text, time), privateKey);
      const bytes = Buffer.concat([Buffer.from(key.keyId, 'hex'), timeBytes(time), signature]);
      return `— ${name} ${encodeBase64(bytes)}\n`;
    },
  };
}

function timeBytes(time: number | undefined): Uint8Array {
  if (time === undefined) return new Uint8Array();
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(time));
  return bytes;
}
