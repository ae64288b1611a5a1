import path from 'node:path';
import { damaged, notTogether, readArtifactFile } from '../artifact/artifact-file.ts';
import { KEY_FILES } from '../artifact/file-names.ts';
import { openWitnessCalculator } from '../artifact/open-witness-calculator.ts';
import { parseVerificationKey } from '../artifact/read-verification-key.ts';
import type { RowTexts } from '../bundle/batch-folder.ts';
import { rowTexts } from '../bundle/row-texts.ts';
import type { WitnessCalculator } from '../circuit/witness-calculator.ts';
import type { BackendProof, Prover } from './backend.ts';
import { backendNamed } from './backends.ts';
import type { ProvedRow, ProveJob, RecordOptions, WorkerSetup } from './prove-job.ts';
import { rejectedProof } from './rejected-proof.ts';

/** A loaded artifact, in the thread that proves with it. */
export class RowProver {
  readonly #calculator: WitnessCalculator;
  readonly #prover: Prover;
  readonly #records: RecordOptions | undefined;

  private constructor(calculator: WitnessCalculator, prover: Prover, records: RecordOptions | undefined) {
    this.#calculator = calculator;
    this.#prover = prover;
    this.#records = records;
  }

  /**
   * @throws QuietproofError QP4601 to QP4606 for its files, QP5013, QP6103 for its key; QP6301, QP6302 from the native
   *   prover
   */
  static async open({ artifactDir, backend, threads, zkey, records }: WorkerSetup): Promise<RowProver> {
    const keyFile = await readArtifactFile(artifactDir, KEY_FILES.verificationKey);
    if (keyFile === undefined) throw damaged(KEY_FILES.verificationKey, 'it is missing');
    const verificationKey = parseVerificationKey(keyFile);
    const calculator = await openWitnessCalculator(artifactDir, { reuse: true });
    if (verificationKey.nPublic !== calculator.publicCount) {
      const found = `${verificationKey.nPublic} and ${calculator.publicCount}`;
      throw notTogether(`the key and the integer graph differ in the number of public signals: ${found}`);
    }
    const prover = await backendNamed(backend).load({
      path: path.join(artifactDir, KEY_FILES.zkey),
      verificationKey,
      threads,
      ...(zkey !== undefined && { bytes: zkey }),
    });
    return new RowProver(calculator, prover, records);
  }

  /** @throws QuietproofError QP6003 if the proof does not verify, QP6004 if the permit was revoked */
  async prove(job: ProveJob, permit?: number): Promise<ProvedRow> {
    const started = performance.now();
    const { witness, publicSignals } = this.#calculator.calculate(job.integers, job.salt, job.context);
    const calculated = performance.now();
    const result = await this.#prover.prove(witness, permit);
    const proved = performance.now();
    const same =
      result.publicSignals.length === publicSignals.length &&
      publicSignals.every((signal, i) => signal.toString() === result.publicSignals[i]);
    if (!same) throw rejectedProof();
    const texts = this.#textsOf(job, result);
    return {
      ...result,
      milliseconds: {
        witness: calculated - started,
        prove: proved - calculated,
        record: performance.now() - proved,
      },
      ...(texts !== undefined && { texts }),
    };
  }

  #textsOf({ record, integers, salt }: ProveJob, proof: BackendProof): RowTexts | undefined {
    if (record === undefined || this.#records === undefined) return undefined;
    const { opening, ...parts } = record;
    const isOpened = opening !== undefined && salt !== null;
    const own = isOpened && { opening: { ...opening, salt, values: Array.from(integers) } };
    const { model, pack } = this.#records;
    return rowTexts(model, proof, { ...parts, ...own }, pack);
  }

  close(): Promise<void> {
    return this.#prover.close();
  }
}
