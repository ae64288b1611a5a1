import { rm } from 'node:fs/promises';
import path from 'node:path';
import { STATEMENT_TYPE, timeOf } from '@quietproof/verify';
import { signStatement } from '../../sign/sign-statement.ts';
import type { SigningKey } from '../../sign/signing-key.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { sha256OfFile } from '../sources/sha256-of-file.ts';
import { AUDIT_TYPE, type AuditStatement } from './audit-statement.ts';
import { SIGNATURE_FILE, SIGNED_FILES } from './signed-files.ts';

/** Removes what an earlier audit left in a folder and this one may not replace. @throws the error of the system */
export async function removeEarlier(folder: string, { pdf }: { readonly pdf: boolean }): Promise<void> {
  const earlier = pdf ? [SIGNATURE_FILE] : [SIGNATURE_FILE, 'report.pdf'];
  for (const name of earlier) await rm(path.join(folder, name), { force: true });
}

/**
 * Signs the digests of an audit's files.
 *
 * @param files paths that the audit wrote into the folder
 * @returns the path of the signature
 * @throws QP8001–QP8008; the error of the system
 */
export async function signAudit(folder: string, files: readonly string[], key: SigningKey): Promise<string> {
  const names = SIGNED_FILES.filter((name) => files.some((file) => path.basename(file) === name));
  const statement: AuditStatement = {
    _type: STATEMENT_TYPE,
    subject: await Promise.all(
      names.map(async (name) => ({ name, digest: { sha256: await sha256OfFile(path.join(folder, name)) } })),
    ),
    predicateType: AUDIT_TYPE,
    predicate: { signer: key.id, date: timeOf(new Date()) },
  };
  const file = path.join(folder, SIGNATURE_FILE);
  await writeDurably(file, signStatement(statement, key));
  return file;
}
