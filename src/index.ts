/**
 * The library behind the commands. Each command makes one of these calls and prints its result.
 *
 * @example
 * const { manifest } = await compileModel({ model: 'model.onnx', calibration: 'train.csv', out: 'artifacts/m' });
 * await setUpArtifact('artifacts/m', { source: { kind: 'development' } });
 * const { rows } = await readRows('test.csv', { count: 30 });
 * await proveBatch({
 *   artifactDir: 'artifacts/m',
 *   rows: rows.map((values, index) => ({ index, values })),
 *   outDir: 'proofs',
 * });
 * const model = await modelIdOf('artifacts/m');
 * for await (const { file, verdict } of verifyFiles(['proofs'], { model })) console.log(file, verdict.headline);
 */

export { type Verdict, type VerifyOptions, verifyBundle } from '@quietproof/verify';
export { modelIdOf } from '@quietproof/verify/command/model-records';
export { type FileVerdict, verifyFiles } from '@quietproof/verify/command/verify-files';
export { artifactInput } from './artifact/provable-artifact.ts';
export type { Findings } from './audit/findings/findings-types.ts';
export { type ReportOptions, writeReports } from './audit/report/write-reports.ts';
export { type AuditRequest, type AuditResult, runAudit } from './audit/run-audit.ts';
export { assembleBundle, bundleText, packBundle, recordId } from './bundle/assemble-bundle.ts';
export { type PackOptions, packFiles, unpackFiles } from './bundle/pack-files.ts';

export {
  type CompileOptions,
  type CompileResult,
  type CompileStep,
  compileModel,
} from './compile/compile-model.ts';
export type { DataSet, RowSpec } from './data/data-set.ts';
export { readRows } from './data/read-rows.ts';
export type { EnvironmentCheck } from './doctor/check.ts';
export { checkEnvironment } from './doctor/check-environment.ts';
export { EXIT, type ExitCode } from './errors/error-spec.ts';
export { QuietproofError } from './errors/quietproof-error.ts';
export type { ErrorCode } from './errors/registry.ts';
export { type BundleCalldata, bundleCalldata } from './export/solidity/bundle-calldata.ts';
export { type WrittenSolidity, writeSolidity } from './export/solidity/write-solidity.ts';
export { importModel } from './import/import-model.ts';
export { type CosignedCheckpoint, cosignLog } from './log/cosign-log.ts';
export { type NoteSigner, noteSigner } from './log/note-signer.ts';
export { TileLog, type TileLogOptions } from './log/tile-log.ts';
export {
  requestTimestamp,
  type TimestampAuthority,
  type TimestampOptions,
  type TimestampOutcome,
  timestampCheckpoint,
} from './log/timestamp-client.ts';
export { Witness, type WitnessAnswer, type WitnessOptions } from './log/witness.ts';
export {
  type WitnessAddress,
  WitnessClient,
  type WitnessClientOptions,
  type WitnessOutcome,
} from './log/witness-client.ts';
export { witnessListener } from './log/witness-listener.ts';
export { AnswerFolder } from './prove/answer-folder.ts';
export { proveBatch } from './prove/batch.ts';
export type { ProveBatchOptions } from './prove/batch-options.ts';
export type { BatchProgress, BatchReport, FinishedRow } from './prove/batch-report.ts';
export type { DataRow, EncodedRow } from './prove/encode-rows.ts';
export {
  type ModelAnswer,
  ModelAnswerer,
  type StatedAnswer,
  type StatedContext,
} from './prove/model-answerer.ts';
export { type PoolOptions, ProverPool } from './prover/pool.ts';
export type { ProvedRow, ProveJob } from './prover/prove-job.ts';
export {
  type ContributorStep,
  type SetUpWithOptions,
  type SetUpWithResult,
  setUpWith,
} from './setup/ceremony-round/set-up-with.ts';
export type { SetupOptions, SetupResult } from './setup/make-artifact-key.ts';
export { contributeToArtifact, setUpArtifact } from './setup/set-up-artifact.ts';
export type { SetupSource } from './setup/setup-source.ts';
