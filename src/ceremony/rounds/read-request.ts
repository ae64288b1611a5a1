import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { AnnouncedFile, RoundRequest } from './round-types.ts';

const SHA256 = /^[0-9a-f]{64}$/;
const BLAKE2B = /^[0-9a-f]{128}$/;

/**
 * Reads what a producer announces, strictly.
 *
 * @throws QuietproofError QP6505
 */
export function readRoundRequest(content: Uint8Array): RoundRequest {
  const json = objectIn(parse(content), ['kind', 'file'], ['r1cs', 'phase1']);
  const { kind, file, r1cs, phase1 } = json;
  if (kind !== 'key' && kind !== 'points') throw unreadable('kind is "key" or "points"');
  if (phase1 !== undefined && !(typeof phase1 === 'string' && BLAKE2B.test(phase1))) {
    throw unreadable('phase1 is a blake2b-512 in hex');
  }
  if (kind === 'key' && (r1cs === undefined) !== (phase1 === undefined)) {
    throw unreadable('a key is compared with an r1cs and a phase 1, or with neither');
  }
  if (kind === 'points' && r1cs !== undefined) throw unreadable('points are not compared with an r1cs');
  return {
    kind,
    file: announced(file),
    ...(r1cs !== undefined && { r1cs: announced(r1cs) }),
    ...(phase1 !== undefined && { phase1 }),
  };
}

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw unreadable('it is not JSON');
  }
}

function announced(json: unknown): AnnouncedFile {
  const { sha256, bytes } = objectIn(json, ['sha256', 'bytes'], []);
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) throw unreadable('sha256 is 64 hex digits');
  if (!Number.isSafeInteger(bytes) || (bytes as number) < 1) throw unreadable('bytes is a positive integer');
  return { sha256, bytes: bytes as number };
}

function objectIn(
  json: unknown,
  required: readonly string[],
  optional: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw unreadable('it is not an object');
  const missing = required.find((name) => !Object.hasOwn(json, name));
  if (missing !== undefined) throw unreadable(`${missing} is missing`);
  const unknown = Object.keys(json).find((name) => !required.includes(name) && !optional.includes(name));
  if (unknown !== undefined) throw unreadable(`${unknown} is not known`);
  return json as Readonly<Record<string, unknown>>;
}

function unreadable(why: string): QuietproofError {
  return new QuietproofError('QP6505', { what: `The request cannot be read: ${why}` });
}
