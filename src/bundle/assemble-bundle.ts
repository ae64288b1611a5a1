import {
  type Bundle,
  fileJson,
  type ModelRecord,
  openEnvelope,
  type ProofJson,
  parseBundle,
  type RowRecord,
  sealStatement,
  statementOf,
  type ThinBundle,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

export interface ProvedRow {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  readonly row: RowRecord;
}

/** One proof with its statement, to be read beside the model's model.json. Checks nothing about the proof. */
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

/**
 * A self-contained bundle from a thin one.
 *
 * @throws QP7902 where the bundle's statement is about another model
 */
export function packBundle(thin: ThinBundle, model: ModelRecord): Bundle {
  const named = openEnvelope(thin.statement).statement.subject[0].digest.sha256;
  if (named !== model.ids.modelId) {
    throw new QuietproofError('QP7902', {
      where: `the bundle is about ${named}, the record is ${model.ids.modelId}`,
      fix: 'Pack it with the model.json that was written beside it',
    });
  }
  const { version, statement, proof, publicSignals } = thin;
  return { version, statement, proof, publicSignals, model };
}

/** The exact text of a `*.proof.json`, read back once so that nothing is written that no verifier would read. */
export function bundleText(bundle: ThinBundle | Bundle): string {
  const text = fileJson(bundle);
  parseBundle(text);
  return text;
}

/** The identity of a record: sha256 of its statement's payload. Proof bytes play no part in it. */
export function recordId(bundle: ThinBundle): string {
  return openEnvelope(bundle.statement).recordId;
}
