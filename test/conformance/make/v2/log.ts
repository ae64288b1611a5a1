/** A small log, written without the verifier: entries, tree, checkpoint, proof of one entry, and what a bundle carries. */
import { sign } from 'node:crypto';
import { canonical, type Json } from '../canonical.ts';
import { base64 } from './models.ts';
import { leafOf, sha256, statementDigest } from './seal.ts';
import { keyOf, sha, spkiOf } from './trust/signing.ts';

export const ORIGIN = 'log.example/credit';
export const NONCE = '000102030405060708090a0b0c0d0e0f';
/** Where the answer of the base is, among as many entries. */
export const INDEX = 5;
const SIZE = 11;
const TIME = 1_795_000_000;

/** The context id of a place, by SPEC.md, section 23. */
export function contextIdAt(origin: string, index: number, nonce: string): string {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(Buffer.byteLength(origin));
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(index));
  return sha256('quietproof/seal-context/v1', head, origin, place, Buffer.from(nonce, 'hex'));
}

/** All that a bundle's log proof is made of, and what a case changes before it is. */
export interface Log {
  origin: string;
  index: number;
  nonce: string;
  entry: Json;
  entries: string[];
  /** Names of test keys that sign, after the log's own, which has the origin's name. */
  signer: string;
  path: Buffer[];
  size: number;
  root: Buffer;
  checkpoint: string;
  proof: string;
  content: string;
}

export type Step = keyof Log;
export type ChangeLog = (log: Log) => void;

const leaf = (entry: string): Buffer => sha(Buffer.of(0), entry);
const node = (left: Buffer, right: Buffer): Buffer => sha(Buffer.of(1), left, right);

function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function rootOf(entries: readonly string[]): Buffer {
  if (entries.length === 1) return leaf(entries[0]!);
  const at = split(entries.length);
  return node(rootOf(entries.slice(0, at)), rootOf(entries.slice(at)));
}

function pathOf(entries: readonly string[], index: number): Buffer[] {
  if (entries.length === 1) return [];
  const at = split(entries.length);
  const [left, right] = [entries.slice(0, at), entries.slice(at)];
  return index < at ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - at), rootOf(left)];
}

/** A line that a key of this name adds to a note. @param time of a cosignature */
export function noteLine(name: string, by: string, text: string, time?: number): string {
  const key = spkiOf(by).subarray(-32);
  const algorithm = Buffer.of(time === undefined ? 1 : 4);
  const id = sha(`${name}\n`, algorithm, key).subarray(0, 4);
  const stamp = Buffer.alloc(time === undefined ? 0 : 8);
  if (time !== undefined) stamp.writeBigUInt64BE(BigInt(time));
  const signed = time === undefined ? text : `cosignature/v1\ntime ${time}\n${text}`;
  return `— ${name} ${base64(Buffer.concat([id, stamp, sign(null, Buffer.from(signed), keyOf(by))]))}\n`;
}

const entryOf = (digest: string, time: number): Json => ({
  version: 'quietproof/log-entry/v1',
  kind: 'answer',
  time,
  leaf: digest,
});

/**
 * The content of a log proof about a bundle. Each change is made when all parts before it are there, and those after it
 * follow: so that only what it says is wrong.
 */
export function logProof(bundle: Json, changes: Partial<Record<Step, ChangeLog>> = {}): string {
  const log = { origin: ORIGIN, index: INDEX, nonce: NONCE, signer: 'log', size: SIZE } as Log;
  const steps: readonly (readonly [Step, () => void])[] = [
    ['origin', () => {}],
    ['entry', () => (log.entry = entryOf(leafOf(statementDigest(bundle)), TIME))],
    [
      'entries',
      () =>
        (log.entries = Array.from({ length: log.size }, (_, i) => other(i)).with(
          INDEX,
          canonical(log.entry),
        )),
    ],
    ['path', () => (log.path = pathOf(log.entries, INDEX))],
    ['root', () => (log.root = rootOf(log.entries))],
    ['checkpoint', () => (log.checkpoint = signed(log))],
    ['proof', () => (log.proof = proofText(log))],
    ['content', () => (log.content = contentOf(log))],
  ];
  for (const [step, make] of steps) {
    make();
    changes[step]?.(log);
  }
  return log.content;
}

const other = (index: number): string =>
  canonical(entryOf(sha(`answer ${index}`).toString('hex'), TIME + index));

export function signed({ origin, size, root, signer }: Log): string {
  const text = `${origin}\n${size}\n${base64(root)}\n`;
  return `${text}\n${noteLine(origin, signer, text)}`;
}

function proofText({ index, path, checkpoint }: Log): string {
  const lines = ['c2sp.org/tlog-proof@v1', `index ${index}`, ...path.map(base64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

export const contentOf = ({ entries, nonce, proof }: Log): string =>
  canonical({ version: 'quietproof/log-proof/v1', entry: entries[INDEX], nonce, proof });

/** Puts a log proof into a bundle. */
export function sealIn(bundle: Json, content: string): Json {
  bundle.sidecars = {
    logProof: {
      about: { what: 'statement', sha256: statementDigest(bundle) },
      type: 'application/vnd.quietproof.log-proof+json',
      content: base64(content),
    },
  };
  return bundle;
}
