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

/** A thin bundle: one proof with its statement, to be read with the model's model.json. Does not check the proof. */
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
 * Makes a thin bundle self-contained.
 *
 * @throws QP7902 if the bundle's statement is about another model
 */
export function packBundle(thin: ThinBundle, model: ModelRecord): Bundle {
  const named = openEnvelope(thin.statement).statement.subject[0].digest.sha256;
  if (named !== model.ids.modelId) {
    throw new QuietproofError('QP7902', {
      where: `the bundle is about ${named}, the record is ${model.ids.modelId}`,
      fix: 'Pack it with the model.json from the same folder',
    });
  }
  const { version, statement, proof, publicSignals } = thin;
  return { version, statement, proof, publicSignals, model };
}

/** The exact text of a `*.proof.json`. Parses it again, so that nothing is written that a verifier cannot parse. */
export function bundleText(bundle: ThinBundle | Bundle): string {
  const text = fileJson(bundle);
  parseBundle(text);
  return text;
}

/** The identity of a record: the sha256 of its statement's payload, independent of the proof bytes. */
export function recordId(bundle: ThinBundle): string {
  return openEnvelope(bundle.statement).recordId;
}
