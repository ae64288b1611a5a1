import type { ModelRecordV2 } from '@quietproof/verify';
import { type LogProof, logProofText } from '@quietproof/verify/log';
import { sealSidecar } from '@quietproof/verify/seal';
import { assembleBundleV2, bundleText } from '../../bundle/assemble-bundle.ts';
import type { ProvedRow } from '../../prover/prove-job.ts';
import type { SealedRecord } from './store/answer-store.ts';

export interface BundleParts {
  readonly record: SealedRecord;
  /** Its proof has been verified where it was made. */
  readonly proved: ProvedRow;
  readonly logProof: LogProof;
}

/**
 * The text of a bundle with the statement that was sealed and the proof that the log has it.
 *
 * @throws Refusal QP7201, QP7202, QP7203, QP7205 if what was proved is not what was sealed
 */
export function sealedBundle(model: ModelRecordV2, { record, proved, logProof }: BundleParts): string {
  const { statement, receiptId, entry, nonce } = record;
  const { proof, publicSignals } = proved;
  const thin = assembleBundleV2(model, { proof, publicSignals, statement });
  const seal = sealSidecar({ entry, nonce, proof: logProofText(logProof) }, receiptId);
  return bundleText({ ...thin, model, sidecars: { logProof: seal } });
}
