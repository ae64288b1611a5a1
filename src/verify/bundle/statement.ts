import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { contextOf } from '../interface/public-signals.ts';
import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { canonicalBytes, canonicalJson } from '../json/canonical-json.ts';
import type { Hex } from '../json/encoded-types.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import { decimal, hex, integer, literal, type Reader, record, tuple } from '../json/read-json.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';
import type { Envelope, ModelRecord } from './bundle-types.ts';
import { interfaceDigest, manifestDigest, publicSignalsDigest } from './ids.ts';
import {
  PAYLOAD_TYPE,
  PREDICATE_TYPE,
  type RowRecord,
  STATEMENT_TYPE,
  type Statement,
  type StatementSubject,
} from './statement-types.ts';

/** A statement taken from its envelope, with the id of its record. */
export interface ReadStatement {
  readonly statement: Statement;
  /** sha256 of the payload. */
  readonly recordId: Hex;
}

/** The statement that binds these parts together; there is exactly one. */
export function statementOf(model: ModelRecord, publicSignals: readonly string[], row: RowRecord): Statement {
  const { circuitId, keyId, modelId } = model.ids;
  return {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(modelId, publicSignals),
    predicateType: PREDICATE_TYPE,
    predicate: {
      circuitId,
      keyId,
      interface: interfaceDigest(model.interface),
      manifest: manifestDigest(model.manifest),
      context: contextOf(publicSignals),
      row,
    },
  };
}

/** The subjects of a statement: the model, and the public signals proved for it. */
export function subjectsOf(modelId: Hex, publicSignals: readonly string[]): Statement['subject'] {
  return [
    { name: 'model', digest: { sha256: modelId } },
    { name: 'public-signals', digest: { sha256: publicSignalsDigest(publicSignals) } },
  ];
}

/** The envelope of a statement of either version: its canonical JSON in base64, and no signatures. */
export function sealStatement(statement: { readonly _type: typeof STATEMENT_TYPE }): Envelope {
  return envelopeOf(canonicalBytes(statement));
}

/** @param payload the canonical JSON of a statement */
export function envelopeOf(payload: Uint8Array): Envelope {
  return { payloadType: PAYLOAD_TYPE, payload: encodeBase64(payload), signatures: [] };
}

/** @throws Refusal QP7201 when the payload is not the canonical JSON of a statement */
export function openEnvelope(envelope: Envelope): ReadStatement {
  const { statement, payload } = openPayload(envelope, readStatement);
  return { statement, recordId: bytesToHex(sha256(payload)) };
}

/**
 * Decodes the payload and requires its canonical form.
 *
 * @throws Refusal QP7201; QP7010 when `read` finds a different version
 */
export function openPayload<T>(
  envelope: Envelope,
  read: Reader<T>,
): { readonly statement: T; readonly payload: Uint8Array } {
  const payload = decodeBase64(envelope.payload);
  try {
    const text = decodeText(payload);
    const statement = read(parseJson(text), 'statement');
    if (canonicalJson(statement) !== text) throw new Refusal('QP7009');
    return { statement, payload };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7010') throw error;
    const what = `The statement cannot be read: ${error.what}`;
    throw new Refusal('QP7201', error.where === undefined ? { what } : { what, where: error.where });
  }
}

/** Compares a statement with the other parts of its bundle. @throws Refusal QP7202 to QP7206 */
export function checkBinding(
  statement: Statement,
  model: ModelRecord,
  publicSignals: readonly string[],
): void {
  const expected = statementOf(model, publicSignals, statement.predicate.row);
  const [found, wanted] = [statement.predicate, expected.predicate];
  requireSame(statement.subject[0].digest.sha256, expected.subject[0].digest.sha256, 'QP7202');
  requireSame(found.keyId, wanted.keyId, 'QP7204');
  requireSame(found.circuitId, wanted.circuitId, 'QP7204');
  requireSame(found.interface, wanted.interface, 'QP7205');
  requireSame(found.manifest, wanted.manifest, 'QP7205');
  requireSame(found.context, wanted.context, 'QP7206');
  requireSame(statement.subject[1].digest.sha256, expected.subject[1].digest.sha256, 'QP7203');
}

/** @throws Refusal */
export function requireSame(found: string, expected: string, code: RefusalCode): void {
  if (found !== expected) throw new Refusal(code, { where: `${found}, but the bundle holds ${expected}` });
}

function subject<const Name extends string>(name: Name): Reader<StatementSubject<Name>> {
  return record({ name: literal(name), digest: record({ sha256: hex }, {}) }, {});
}

export const readSubjects: Reader<Statement['subject']> = tuple(subject('model'), subject('public-signals'));

const readStatement: Reader<Statement> = record(
  {
    _type: literal(STATEMENT_TYPE),
    subject: readSubjects,
    predicateType: literal(PREDICATE_TYPE),
    predicate: record(
      {
        circuitId: hex,
        keyId: hex,
        interface: hex,
        manifest: hex,
        context: decimal,
        row: record({ index: integer(0) }, {}),
      },
      {},
    ),
  },
  {},
);
