import { lstat } from 'node:fs/promises';
import path from 'node:path';
import {
  type CheckedTrust,
  type KeyId,
  PAYLOAD_TYPE,
  parseTrust,
  preAuthenticationEncoding,
  signatureHolds,
  type Time,
  timeOf,
} from '@quietproof/verify';
import { readNamed } from '@quietproof/verify/command/read-source';
import { readRegularFile } from '../../data/regular-file.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { sha256OfFile } from '../sources/sha256-of-file.ts';
import type { AuditStatement } from './audit-statement.ts';
import { MAX_ENVELOPE, readSignedAudit } from './read-signed-audit.ts';
import { SIGNATURE_FILE, SIGNED_FILES, type SignedFile } from './signed-files.ts';

type KnownKey = NonNullable<ReturnType<CheckedTrust['keys']['get']>>;

/** An audit whose signature holds, and whose files are those that were signed. */
export interface SignedAudit {
  readonly party: string;
  /** It publishes models itself. */
  readonly isProducer: boolean;
  readonly keyId: KeyId;
  /** By the signer's own account. */
  readonly date: Time;
  readonly files: readonly SignedFile[];
}

/**
 * Checks who signed the audit in a folder, and that every file of it is the one that was signed. It does not make the
 * audit again.
 *
 * @param trust a trust.json, one of whose parties has to have signed
 * @param at the time for which the question is asked; default: now
 * @throws QP6640 (no signature that can be read), QP6641 (nobody's whose word counts), QP6642 (another file);
 * Refusal QP7210 to QP7212 (the trust file); the error of the system
 */
export async function checkSignedAudit(
  folder: string,
  trust: string,
  at: Time = timeOf(new Date()),
): Promise<SignedAudit> {
  const { keys } = parseTrust(await readNamed(trust));
  const where = path.join(folder, SIGNATURE_FILE);
  const { statement, payload, keyid, signature } = readSignedAudit(await readSignature(where), where);
  const signer = keys.get(keyid);
  if (signer === undefined) throw notCounted(`key ${keyid} is of nobody whom the trust file names`, where);
  if (!signatureHolds(signature, preAuthenticationEncoding(PAYLOAD_TYPE, payload), signer.publicKey)) {
    throw notCounted('the signature does not hold', where);
  }
  const { date } = statement.predicate;
  requireGoodKey(signer, date, at, where);
  await requireFiles(folder, statement);
  return {
    party: signer.party,
    isProducer: signer.isProducer,
    keyId: keyid,
    date,
    files: statement.subject.map(({ name }) => name),
  };
}

async function readSignature(file: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(file, MAX_ENVELOPE);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw cause;
    const fix = 'Name the folder that `audit --sign` wrote';
    throw new QuietproofError('QP6640', { what: 'The folder has no signed audit', where: file, fix, cause });
  }
}

/** Whoever has a compromised key can write any date, and nothing else shows that an audit is older. */
function requireGoodKey({ trusted, party }: KnownKey, date: Time, at: Time, where: string): void {
  if (date > at) throw notCounted(`it is dated ${date}, after ${at}`, where);
  if (trusted.state === 'active') return;
  const { state, since } = trusted;
  if (state === 'compromised') throw notCounted(`the key of ${party} is compromised since ${since}`, where);
  if (date >= since)
    throw notCounted(`dated ${date}, and the key of ${party} is retired since ${since}`, where);
}

function notCounted(why: string, where: string): QuietproofError {
  return new QuietproofError('QP6641', { what: `The signature of the audit does not count: ${why}`, where });
}

/** Every file that was signed, and no other that an audit would have written. */
async function requireFiles(folder: string, { subject }: AuditStatement): Promise<void> {
  for (const name of SIGNED_FILES) {
    const file = path.join(folder, name);
    const signed = subject.find((one) => one.name === name);
    const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined && signed === undefined) continue;
    if (signed === undefined) throw otherFile(`${name} was not signed`, file);
    if (found === undefined) throw otherFile(`${name} was signed, and is missing`, file);
    if (!found.isFile()) throw otherFile(`${name} is no regular file`, file);
    if ((await sha256OfFile(file)) !== signed.digest.sha256) {
      throw otherFile(`${name} was changed after it was signed`, file);
    }
  }
}

function otherFile(what: string, where: string): QuietproofError {
  return new QuietproofError('QP6642', { what, where, fix: 'Ask the auditor for the files again' });
}
