import { randomBytes } from 'node:crypto';
import {
  type AnyBundle,
  type AnyModelRecord,
  type Bundle,
  type BundleV2,
  checkBindingV2,
  type Envelope,
  fileJson,
  type ModelRecord,
  type ModelRecordV2,
  modelNamedBy,
  openEnvelope,
  openEnvelopeV2,
  type ProofJson,
  parseAnyBundle,
  type RowRecord,
  recordIdentity,
  type SealedStatementV2,
  StatementMaker,
  sealStatement,
  statementOf,
  type ThinBundle,
  type ThinBundleV2,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

const SALT_BYTES = 32;

export interface ProvedRow {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  readonly row: RowRecord;
}

/** A thin v1 bundle: one proof with its statement, to be read with the model's model.json. Does not check the proof. */
export function assembleBundle(model: ModelRecord, proved: ProvedRow): ThinBundle {
  const { proof, publicSignals, row } = proved;
  const { pi_a, pi_b, pi_c } = proof;
  return {
    version: 'quietproof/bundle/v1',
    statement: sealStatement(statementOf(model, publicSignals, row)),
    proof: { protocol: 'groth16', curve: 'bn128', pi_a, pi_b, pi_c },
    publicSignals,
  };
}

export interface ProvedRowV2 {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  /** Where the row stood in its file; signed by nobody. */
  readonly row?: RowRecord;
  /** The record's part of the context that the proof was made for: 32 bytes in hex. */
  readonly contextId?: string;
}

/** An answer whose statement was sealed before it was proved. */
export interface SealedRowV2 extends Omit<ProvedRowV2, 'contextId'> {
  /** The bundle carries this very statement. */
  readonly statement: Envelope;
}

/** The statement about a row under a fresh salt: making it again gives another statement of the same record. */
export function makeStatementV2(
  model: ModelRecordV2,
  parts: Pick<ProvedRowV2, 'publicSignals' | 'contextId'>,
): Envelope {
  return sealStatementV2(new StatementMaker(model), parts).envelope;
}

/** The same, for many statements about one model, with their digests. */
export function sealStatementV2(
  maker: StatementMaker,
  { publicSignals, contextId }: Pick<ProvedRowV2, 'publicSignals' | 'contextId'>,
): SealedStatementV2 {
  const salt = randomBytes(SALT_BYTES).toString('hex');
  return maker.seal(publicSignals, { salt, ...(contextId !== undefined && { contextId }) });
}

/**
 * One proof of version 2 with its statement: the one that was sealed, or a new one. Does not check the proof.
 *
 * @throws Refusal QP7201, QP7202, QP7203, QP7205 if the sealed statement is about something else
 */
export function assembleBundleV2(model: ModelRecordV2, proved: ProvedRowV2 | SealedRowV2): ThinBundleV2 {
  const { proof, publicSignals, row } = proved;
  const { pi_a, pi_b, pi_c } = proof;
  return {
    version: 'quietproof/bundle/v2',
    statement: 'statement' in proved ? sealedFor(model, proved) : makeStatementV2(model, proved),
    proof: { protocol: 'groth16', curve: 'bn128', pi_a, pi_b, pi_c },
    publicSignals,
    ...(row !== undefined && { row }),
  };
}

function sealedFor(model: ModelRecordV2, { statement, publicSignals }: SealedRowV2): Envelope {
  checkBindingV2(openEnvelopeV2(statement).statement, model, publicSignals);
  return statement;
}

/**
 * Makes a thin bundle self-contained; its sidecars stay.
 *
 * @throws QP7902 if the bundle's statement is about another model
 */
export function packBundle(thin: ThinBundle, model: ModelRecord): Bundle;
export function packBundle(thin: ThinBundleV2, model: ModelRecordV2): BundleV2;
export function packBundle(thin: AnyBundle, model: AnyModelRecord): AnyBundle;
export function packBundle(thin: AnyBundle, model: AnyModelRecord): AnyBundle {
  const named = modelNamedBy(thin);
  if (named !== model.ids.modelId) {
    throw new QuietproofError('QP7902', {
      where: `the bundle is about ${named}, the record is ${model.ids.modelId}`,
      fix: 'Pack it with the model.json from the same folder',
    });
  }
  return { ...thin, model } as AnyBundle;
}

/** The exact text of a `*.proof.json`. Parses it again, so that nothing is written that a verifier cannot parse. */
export function bundleText(bundle: AnyBundle): string {
  const text = fileJson(bundle);
  parseAnyBundle(text);
  return text;
}

/** The id of a record, by the rule of its version. Proof bytes play no part in it. */
export function recordId(bundle: AnyBundle): string {
  return bundle.version === 'quietproof/bundle/v1'
    ? openEnvelope(bundle.statement).recordId
    : recordIdentity(modelNamedBy(bundle), bundle.publicSignals);
}
