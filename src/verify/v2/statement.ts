import type { Envelope } from '../bundle/bundle-types.ts';
import { envelopeOf, openPayload, readSubjects, requireSame, subjectsOf } from '../bundle/statement.ts';
import { STATEMENT_TYPE } from '../bundle/statement-types.ts';
import { canonicalBytes } from '../json/canonical-json.ts';
import type { Hex } from '../json/encoded-types.ts';
import { hex, literal, type Reader, record } from '../json/read-json.ts';
import { open, versions } from '../json/read-open.ts';
import { type InferencePredicateV2, PREDICATE_TYPE_V2, type StatementV2 } from './bundle-types.ts';
import { manifestDigestV2, statementDigest } from './ids.ts';
import type { ModelRecordV2 } from './record-types.ts';

/** A statement taken from its envelope, with the digests that a log may store. */
export interface ReadStatementV2 {
  readonly statement: StatementV2;
  readonly statementDigest: Hex;
  readonly leaf: Hex;
}

/** A statement that was just made. */
export interface SealedStatementV2 extends ReadStatementV2 {
  readonly envelope: Envelope;
}

/** The statement that binds these parts together. `predicate.salt` must be 32 fresh random bytes. */
export function statementOfV2(
  model: ModelRecordV2,
  publicSignals: readonly string[],
  predicate: Omit<InferencePredicateV2, 'manifest'>,
): StatementV2 {
  return new StatementMaker(model).seal(publicSignals, predicate).statement;
}

/** Makes statements about one model: what they have in common is digested once. */
export class StatementMaker {
  readonly #modelId: Hex;
  readonly #manifest: Hex;

  constructor({ ids, manifest }: Pick<ModelRecordV2, 'ids' | 'manifest'>) {
    [this.#modelId, this.#manifest] = [ids.modelId, manifestDigestV2(manifest)];
  }

  /** `statementOfV2` in its envelope, with what `openEnvelopeV2` reads from it. */
  seal(
    publicSignals: readonly string[],
    predicate: Omit<InferencePredicateV2, 'manifest'>,
  ): SealedStatementV2 {
    const statement: StatementV2 = {
      _type: STATEMENT_TYPE,
      subject: subjectsOf(this.#modelId, publicSignals),
      predicateType: PREDICATE_TYPE_V2,
      predicate: { ...predicate, manifest: this.#manifest },
    };
    const payload = canonicalBytes(statement);
    return { statement, envelope: envelopeOf(payload), ...statementDigest(payload) };
  }
}

/** @throws Refusal QP7201; QP7010 for a statement of another version */
export function openEnvelopeV2(envelope: Envelope): ReadStatementV2 {
  const { statement, payload } = openPayload(envelope, readStatement);
  return { statement, ...statementDigest(payload) };
}

/** Compares a statement with the other parts of its bundle. @throws Refusal QP7202, QP7203, QP7205 */
export function checkBindingV2(
  statement: StatementV2,
  { ids, manifest }: ModelRecordV2,
  publicSignals: readonly string[],
): void {
  checkBound(statement, { modelId: ids.modelId, manifest: manifestDigestV2(manifest) }, publicSignals);
}

/** What a statement says of its model. */
export interface StatedModel {
  readonly modelId: Hex;
  /** Digest of the manifest. */
  readonly manifest: Hex;
}

/** `checkBindingV2` for a model whose manifest was digested before. */
export function checkBound(
  { subject, predicate }: StatementV2,
  { modelId, manifest }: StatedModel,
  publicSignals: readonly string[],
): void {
  const [modelSubject, signalsSubject] = subjectsOf(modelId, publicSignals);
  requireSame(subject[0].digest.sha256, modelSubject.digest.sha256, 'QP7202');
  requireSame(predicate.manifest, manifest, 'QP7205');
  requireSame(subject[1].digest.sha256, signalsSubject.digest.sha256, 'QP7203');
}

const readStatement: Reader<StatementV2> = versions(
  {
    [PREDICATE_TYPE_V2]: record(
      {
        _type: literal(STATEMENT_TYPE),
        subject: readSubjects,
        predicateType: literal(PREDICATE_TYPE_V2),
        predicate: open({ manifest: hex, salt: hex }, { contextId: hex }),
      },
      {},
    ),
  },
  'predicateType',
);
