import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import { KEY_FILES } from '../artifact/file-names.ts';
import { openWitnessCalculator } from '../artifact/open-witness-calculator.ts';
import type { WitnessCalculator } from '../circuit/witness-calculator.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Prover } from './backend.ts';
import { backendNamed } from './backends.ts';
import type { PermittedJob, ProvedRow, WorkerAnswer, WorkerSetup } from './prove-job.ts';
import { rejectedProof } from './rejected-proof.ts';

interface Loaded {
  readonly calculator: WitnessCalculator;
  readonly prover: Prover;
}

/** Loaded for the first job and kept, since a pool proves for a single artifact. */
let loaded: Promise<Loaded> | undefined;

/** The pool's task: calculates a witness and makes a verified proof. */
export default async function proveInWorker(job: PermittedJob): Promise<WorkerAnswer> {
  try {
    loaded ??= load(workerData as WorkerSetup);
    return { ok: true, row: await proveRow(await loaded, job) };
  } catch (error) {
    if (error instanceof QuietproofError) return answerOf(error);
    return await dieOf(error);
  }
}

async function load(setup: WorkerSetup): Promise<Loaded> {
  const file = (name: string) => path.join(setup.artifactDir, name);
  const [calculator, prover] = await Promise.all([
    openWitnessCalculator(setup.artifactDir, { reuse: true }),
    readFile(file(KEY_FILES.verificationKey), 'utf8').then((json) =>
      backendNamed(setup.backend).load({
        path: file(KEY_FILES.zkey),
        verificationKey: JSON.parse(json),
        threads: setup.threads,
        ...(setup.zkey !== undefined && { bytes: setup.zkey }),
      }),
    ),
  ]);
  return { calculator, prover };
}

async function proveRow({ calculator, prover }: Loaded, job: PermittedJob): Promise<ProvedRow> {
  const started = performance.now();
  const { witness, publicSignals } = calculator.calculate(job.integers, job.salt, job.context);
  const calculated = performance.now();
  const result = await prover.prove(witness, job.permit);
  const proved = performance.now();
  const same =
    result.publicSignals.length === publicSignals.length &&
    publicSignals.every((signal, i) => signal.toString() === result.publicSignals[i]);
  if (!same) throw rejectedProof();
  return { ...result, milliseconds: { witness: calculated - started, prove: proved - calculated } };
}

function answerOf({ code, what, fix }: QuietproofError): WorkerAnswer {
  return { ok: false, code, what, ...(fix === undefined ? {} : { fix }) };
}

/**
 * Ends the thread with the error as its reason. After a failed allocation, the state of the curve's memory is unknown
 * and nothing in this thread can be reused. The pool retries in a new worker.
 */
function dieOf(error: unknown): Promise<never> {
  setImmediate(() => {
    throw error;
  });
  return new Promise(() => {});
}
