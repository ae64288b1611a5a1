import {
  canonicalJson,
  type KeyId,
  PAYLOAD_TYPE,
  parseJson,
  Refusal,
  readers,
  STATEMENT_TYPE,
} from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { AUDIT_TYPE, type AuditStatement } from './audit-statement.ts';
import { OPTIONAL_FILE, SIGNED_FILES } from './signed-files.ts';

const { hex, list, literal, matching, record, tuple } = readers;

/** Bytes; a signature takes some 2 kB. */
export const MAX_ENVELOPE = 1 << 14;

const base64 = matching(/^[A-Za-z0-9+/]+={0,2}$/, 'base64');
const time = matching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/, 'a time');

const readEnvelope = record(
  {
    payload: base64,
    payloadType: literal(PAYLOAD_TYPE),
    signatures: tuple(record({ keyid: hex, sig: base64 }, {})),
  },
  {},
);

const readStatement = record(
  {
    _type: literal(STATEMENT_TYPE),
    subject: list(
      record({ name: literal(...SIGNED_FILES), digest: record({ sha256: hex }, {}) }, {}),
      SIGNED_FILES.length - 1,
      SIGNED_FILES.length,
    ),
    predicateType: literal(AUDIT_TYPE),
    predicate: record({ signer: hex, date: time }, {}),
  },
  {},
);

/** What an envelope holds, by nobody's word yet. */
export interface ReadAudit {
  readonly statement: AuditStatement;
  readonly payload: Uint8Array;
  readonly keyid: KeyId;
  readonly signature: Uint8Array;
}

/** Reads an envelope and its statement, in canonical JSON. Checks no signature. @throws QP6640 */
export function readSignedAudit(source: Uint8Array, where: string): ReadAudit {
  try {
    const envelope = readEnvelope(parseJson(source, MAX_ENVELOPE), 'envelope');
    const payload = new Uint8Array(Buffer.from(envelope.payload, 'base64'));
    const statement = readStatement(parseJson(payload, MAX_ENVELOPE), 'statement');
    if (canonicalJson(statement) !== new TextDecoder().decode(payload))
      throw unreadable('it is not canonical', where);
    const [{ keyid, sig }] = envelope.signatures;
    if (statement.predicate.signer !== keyid) throw unreadable('it names another signer', where);
    requireInOrder(statement, where);
    return { statement, payload, keyid, signature: new Uint8Array(Buffer.from(sig, 'base64')) };
  } catch (error) {
    if (error instanceof Refusal) throw unreadable(`${error.what} (${error.where ?? ''})`, where, error);
    throw error;
  }
}

/** Each file once, and none left out. */
function requireInOrder({ subject }: AuditStatement, where: string): void {
  const names = subject.map(({ name }) => name);
  const all = SIGNED_FILES.filter((name) => name !== OPTIONAL_FILE || names.includes(name));
  if (names.join() !== all.join()) throw unreadable(`it is about ${names.join(', ')}`, where);
}

function unreadable(why: string, where: string, cause?: unknown): QuietproofError {
  return new QuietproofError('QP6640', {
    what: `This is no signature of an audit: ${why}`,
    where,
    ...(cause !== undefined && { cause }),
  });
}
