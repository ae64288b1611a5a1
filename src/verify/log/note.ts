import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { Refusal } from '../refusal.ts';
import { isPrimeOrder, signatureHolds } from '../signature.ts';

/** A text signed by keys (C2SP signed-note). Nothing in it counts before a signature of a known key is checked. */
export interface SignedNote {
  /** With its final newline: exactly what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** 8 hexadecimal digits. */
  readonly keyId: string;
  /** After the key id, in the form of the key's algorithm. */
  readonly bytes: Uint8Array;
}

/** What a key signs: any note, or that it saw a checkpoint at a time (C2SP tlog-cosignature). */
export type NoteKeyKind = 'note' | 'cosignature';

/** A public key for notes, in the form of `name+keyid+base64`, which Go's note package calls a verifier key. */
export interface NoteKey {
  readonly name: string;
  readonly keyId: string;
  readonly kind: NoteKeyKind;
  /** 32 bytes of Ed25519. */
  readonly publicKey: Uint8Array;
}

/** Bytes of the algorithm in key ids and encoded keys. */
const ALGORITHMS: Readonly<Record<NoteKeyKind, number>> = { note: 1, cosignature: 4 };
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
/** Room for 64 hashes, 64 lines of signatures and some thousand bytes of text. */
const MAX_NOTE = 65_536;
const MAX_SIGNATURES = 64;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/u;
/** Printable characters without spaces and plus signs. */
const NAME = /^[^\s+\p{Cc}]+$/u;

/** @throws Refusal QP7701 */
export function readNote(note: string): SignedNote {
  if (note.length > MAX_NOTE) return notNote('is too long');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format excludes them
  if (/[\x00-\x09\x0b-\x1f]/.test(note)) return notNote('has a control character');
  const end = note.lastIndexOf('\n\n');
  if (end <= 0 || !note.endsWith('\n')) return notNote('has no blank line between text and signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return notNote('has too many signatures');
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line: string): NoteSignature {
  const [, name, content] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || content === undefined || !NAME.test(name)) {
    return notNote('has a line that is no signature');
  }
  const bytes = decodeBase64(content, { code: 'QP7701', name: 'A signature' });
  if (bytes.length < 5) return notNote('has a signature that is too short');
  return { name, keyId: bytesToHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
}

function notNote(why: string): never {
  throw new Refusal('QP7701', { what: `The signed note ${why}` });
}

/** @throws Refusal QP7702 */
export function readNoteKey(text: string): NoteKey {
  const [, name, keyId, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined || !NAME.test(name)) {
    return notKey('is not of the form name+keyid+base64');
  }
  const bytes = decodeBase64(encoded, { code: 'QP7702', name: 'A key for notes' });
  const kind = (Object.keys(ALGORITHMS) as NoteKeyKind[]).find((one) => ALGORITHMS[one] === bytes[0]);
  if (kind === undefined || bytes.length !== 1 + KEY_BYTES) return notKey('is no Ed25519 key');
  if (!isPrimeOrder(bytes.subarray(1))) return notKey('is no point of the prime-order subgroup');
  const key = noteKey(name, kind, bytes.subarray(1));
  return key.keyId === keyId ? key : notKey('has the wrong key id');
}

function notKey(why: string): never {
  throw new Refusal('QP7702', { what: `The key ${why}` });
}

/** @param publicKey 32 bytes of Ed25519 */
export function noteKey(name: string, kind: NoteKeyKind, publicKey: Uint8Array): NoteKey {
  const encoded = concatBytes(Uint8Array.of(ALGORITHMS[kind]), publicKey);
  const id = sha256(concatBytes(utf8ToBytes(`${name}\n`), encoded)).subarray(0, 4);
  return { name, kind, publicKey, keyId: bytesToHex(id) };
}

export function noteKeyText({ name, keyId, kind, publicKey }: NoteKey): string {
  return `${name}+${keyId}+${encodeBase64(concatBytes(Uint8Array.of(ALGORITHMS[kind]), publicKey))}`;
}

/** A signature that holds. */
export interface CheckedSignature {
  readonly key: NoteKey;
  /** Seconds since 1970 that a cosignature states; undefined for a plain signature. */
  readonly time: number | undefined;
}

/**
 * The signatures of known keys. Those of other keys are ignored.
 *
 * @throws Refusal QP7703 if a signature that names a known key does not hold
 */
export function checkSignatures(
  { text, signatures }: SignedNote,
  keys: readonly NoteKey[],
): CheckedSignature[] {
  return signatures.flatMap(({ name, keyId, bytes }) => {
    const key = keys.find((one) => one.name === name && one.keyId === keyId);
    if (key === undefined) return [];
    const time = key.kind === 'cosignature' ? timeOf(bytes, name) : undefined;
    const signature = time === undefined ? bytes : bytes.subarray(TIME_BYTES);
    if (!signatureHolds(signature, signedBytes(text, time), key.publicKey)) return badSignature(name);
    return [{ key, time }];
  });
}

/** What a key signs of a note: its text, or for a cosignature the text after a line with the time. */
export function signedBytes(text: string, time?: number): Uint8Array {
  return utf8ToBytes(time === undefined ? text : `cosignature/v1\ntime ${time}\n${text}`);
}

function timeOf(bytes: Uint8Array, name: string): number {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return badSignature(name);
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : badSignature(name);
}

function badSignature(name: string): never {
  throw new Refusal('QP7703', { where: name });
}
