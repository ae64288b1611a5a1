import { readG1 } from '../bundle/read-parts.ts';
import { PAYLOAD_TYPE, STATEMENT_TYPE } from '../bundle/statement-types.ts';
import { decodeBase64 } from '../json/base64.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import {
  asObject,
  hex,
  integer,
  list,
  literal,
  type Reader,
  record,
  text,
  tuple,
} from '../json/read-json.ts';
import { Refusal } from '../refusal.ts';
import { base64Text, blake2bHex, phase1 } from './read-trust.ts';
import {
  CONTRIBUTION_TYPE,
  type ContributionStatement,
  REDERIVATION_TYPE,
  RELEASE_TYPE,
  type RederivationStatement,
  type ReleaseStatement,
  type SignedEnvelope,
  type TrustStatement,
} from './statement-types.ts';
import { time } from './time.ts';

/** Bytes of an envelope. */
export const MAX_ENVELOPE = 1 << 16;
const MAX_LISTED = 1024;
/** As many as an envelope has room for. */
const MAX_STEPS = 256;

const readEnvelope: Reader<SignedEnvelope> = record(
  {
    payload: base64Text,
    payloadType: literal(PAYLOAD_TYPE),
    signatures: tuple(record({ keyid: hex, sig: base64Text }, {})),
  },
  {},
);

const signed = { signer: hex, date: time };
const model = tuple(record({ name: literal('model'), digest: record({ sha256: hex }, {}) }, {}));
const blake2bOf = <const Name extends string>(name: Name) =>
  record({ name: literal(name), digest: record({ blake2b: blake2bHex }, {}) }, {});

const pointSet = { c: integer(0), h: integer(1), sha256: hex };

const readContribution: Reader<ContributionStatement> = record(
  {
    _type: literal(STATEMENT_TYPE),
    subject: tuple(blake2bOf('ceremony'), blake2bOf('contribution')),
    predicateType: literal(CONTRIBUTION_TYPE),
    predicate: record(
      { ...signed, index: integer(1), transcript: blake2bHex, deltaBefore: readG1, deltaAfter: readG1 },
      {
        checked: record({ circuitId: hex, phase1 }, {}),
        points: record({ returned: record(pointSet, {}) }, { received: record(pointSet, {}) }),
      },
    ),
  },
  {},
);

const readRederivation: Reader<RederivationStatement> = record(
  {
    _type: literal(STATEMENT_TYPE),
    subject: model,
    predicateType: literal(REDERIVATION_TYPE),
    predicate: record(
      {
        ...{ ...signed, circuitId: hex, keyId: hex, source: hex, initialHash: blake2bHex, phase1 },
        reservations: list(text, 0, 64),
      },
      {
        statements: list(hex, 1, MAX_LISTED),
        points: list(record({ ...pointSet, index: integer(0) }, {}), 1, MAX_STEPS),
      },
    ),
  },
  {},
);

const readRelease: Reader<ReleaseStatement> = record(
  {
    _type: literal(STATEMENT_TYPE),
    subject: model,
    predicateType: literal(RELEASE_TYPE),
    predicate: record({ ...signed, from: time }, { retires: list(hex, 1, 64) }),
  },
  {},
);

const READERS = new Map<unknown, Reader<TrustStatement>>([
  [CONTRIBUTION_TYPE, readContribution],
  [REDERIVATION_TYPE, readRederivation],
  [RELEASE_TYPE, readRelease],
]);

/** What an envelope holds, by nobody's word yet. */
export interface ReadStatementFile {
  readonly statement: TrustStatement;
  readonly payload: Uint8Array;
  readonly keyid: string;
  readonly signature: Uint8Array;
}

/**
 * Reads an envelope, in any layout, and its statement, in canonical JSON. Checks no signature.
 *
 * @throws Refusal QP7213 (the form of either), QP7214 (another type of predicate), QP7217 (signed by another key than it
 * names)
 */
export function readStatementFile(source: string | Uint8Array): ReadStatementFile {
  try {
    const envelope = readEnvelope(parseJson(source, MAX_ENVELOPE), 'envelope');
    const [{ keyid, sig }] = envelope.signatures;
    const payload = decodeBase64(envelope.payload);
    const statement = readPayload(payload);
    const signature = decodeBase64(sig, { code: 'QP7213', name: 'The signature' });
    if (statement.predicate.signer !== keyid) throw new Refusal('QP7217');
    return { statement, payload, keyid, signature };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7214' || error.code === 'QP7217') throw error;
    const what = `The signed statement cannot be read: ${error.what}`;
    throw new Refusal('QP7213', error.where === undefined ? { what } : { what, where: error.where });
  }
}

function readPayload(payload: Uint8Array): TrustStatement {
  const source = decodeText(payload, MAX_ENVELOPE);
  const json = parseJson(source);
  const read = READERS.get(asObject(json, 'statement').get('predicateType'));
  if (read === undefined) throw new Refusal('QP7214');
  const statement = read(json, 'statement');
  if (canonicalJson(statement) !== source) throw new Refusal('QP7009');
  return statement;
}
