import { sign } from 'node:crypto';
import path from 'node:path';
import {
  canonicalBytes,
  fileJson,
  type KeyId,
  PAYLOAD_TYPE,
  preAuthenticationEncoding,
  type SignedEnvelope,
  type TrustStatement,
} from '@quietproof/verify';
import { writeDurably } from '../store/durable-file.ts';
import type { SigningKey } from './signing-key.ts';
import { makeFolder } from './statement-place.ts';

/** A statement that was signed and written. */
export interface WrittenStatement {
  readonly file: string;
  readonly statement: TrustStatement;
}

/** The DSSE envelope of a statement in canonical JSON, as text. Its signer has to be the key's. */
export function signStatement<Statement extends { readonly predicate: { readonly signer: KeyId } }>(
  statement: Statement,
  key: SigningKey,
): string {
  if (statement.predicate.signer !== key.id) throw new TypeError('the statement names another signer');
  const payload = canonicalBytes(statement);
  const sig = sign(null, preAuthenticationEncoding(PAYLOAD_TYPE, payload), key.private);
  const envelope: SignedEnvelope = {
    payload: Buffer.from(payload).toString('base64'),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ keyid: key.id, sig: sig.toString('base64') }],
  };
  return fileJson(envelope);
}

/** Signs and writes a statement. @throws QuietproofError QP8001–QP8008 */
export async function writeStatement(
  file: string,
  statement: TrustStatement,
  key: SigningKey,
): Promise<WrittenStatement> {
  await makeFolder(path.dirname(file));
  await writeDurably(file, signStatement(statement, key));
  return { file, statement };
}
