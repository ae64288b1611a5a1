import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { PAYLOAD_TYPE } from '../bundle/statement-types.ts';
import type { Hex } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import { signatureHolds } from '../signature.ts';
import { preAuthenticationEncoding } from './ed25519.ts';
import { readStatementFile } from './read-statement.ts';
import type { CheckedTrust, KnownKey } from './read-trust.ts';
import {
  CONTRIBUTION_TYPE,
  REDERIVATION_TYPE,
  RELEASE_TYPE,
  type TrustStatement,
} from './statement-types.ts';
import type { StatementKind } from './trust-types.ts';

/** A file, or a sidecar of a record, that is to be a signed statement. */
export interface GivenStatement {
  /** For people: a file name, or a path like `model.sidecars.attestations[0]`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** A statement whose signature holds under a key of the trust file. */
export interface OpenedStatement {
  readonly name: string;
  readonly statement: TrustStatement;
  readonly signer: KnownKey;
  /** sha256 of the payload: what other statements name it by. */
  readonly digest: Hex;
}

/** Why a given file is no statement of anybody whom the trust file names. */
export interface RefusedStatement {
  readonly name: string;
  readonly refusal: Refusal;
  /** If its signer is known. */
  readonly party?: string;
  readonly kind?: StatementKind;
}

const KINDS: { readonly [T in TrustStatement['predicateType']]: StatementKind } = {
  [CONTRIBUTION_TYPE]: 'contribution',
  [REDERIVATION_TYPE]: 'rederivation',
  [RELEASE_TYPE]: 'release',
};

export function kindOf({ predicateType }: TrustStatement): StatementKind {
  return KINDS[predicateType];
}

/** Reads a statement and checks its signature. Whether it counts for a model is another question. */
export function openStatement(
  { name, content }: GivenStatement,
  { keys }: CheckedTrust,
): OpenedStatement | RefusedStatement {
  try {
    const { statement, payload, keyid, signature } = readStatementFile(content);
    const kind = kindOf(statement);
    const signer = keys.get(keyid);
    if (signer === undefined)
      return { name, kind, refusal: new Refusal('QP7216', { where: `key ${keyid}` }) };
    const message = preAuthenticationEncoding(PAYLOAD_TYPE, payload);
    if (!signatureHolds(signature, message, signer.publicKey)) {
      return { name, kind, party: signer.party, refusal: new Refusal('QP7215') };
    }
    return { name, statement, signer, digest: bytesToHex(sha256(payload)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { name, refusal: error };
  }
}

export function isOpened(one: OpenedStatement | RefusedStatement): one is OpenedStatement {
  return 'statement' in one;
}
