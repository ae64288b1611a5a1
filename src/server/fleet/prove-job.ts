import { deflateRawSync } from 'node:zlib';
import { contextSignal, verifyBundle } from '@quietproof/verify';
import { sealContextId } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ProvedRow, ProveJob } from '../../prover/prove-job.ts';
import { sealedBundle } from '../serve/sealed-bundle.ts';
import type { SealedRecord } from '../serve/store/answer-store.ts';
import type { Database, Sql } from './database.ts';
import type { DatabaseLog, Published } from './database-log.ts';
import { oweProved } from './notice-rows.ts';
import type { HeldJob, ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';
import type { Verifying, WarmModel } from './worker-models.ts';

/** Milliseconds between looks whether the log covers an answer, and for how long. */
const LOOK_EVERY = 250;
const LOOK_FOR = 120_000;

/** What proving takes: the public signals follow from the record, and the pool compares them with the executor's. */
export function proveJobOf(
  origin: string,
  { index, nonce, integers, salt, context }: SealedRecord,
): ProveJob {
  const contextId = Buffer.from(sealContextId({ origin, index }, nonce), 'hex');
  return {
    integers: Float64Array.from(integers),
    salt: salt === undefined ? null : BigInt(salt),
    context: contextSignal(Buffer.from(context, 'base64'), contextId),
  };
}

/**
 * The bundle of a proof, once the log has the answer.
 *
 * @throws Refusal if what was proved is not what was sealed; QP6571; QP6402
 */
export async function bundleOf(
  log: DatabaseLog,
  { record: model }: Pick<WarmModel, 'record'>,
  { record, proved }: { readonly record: SealedRecord; readonly proved: ProvedRow },
  signal: AbortSignal,
): Promise<string> {
  const published = await coveredBy(log, record.index, signal);
  const logProof = await log.proofOf(record.index, published);
  return sealedBundle(model, { record, proved, logProof });
}

async function coveredBy(log: DatabaseLog, index: number, signal: AbortSignal): Promise<Published> {
  const end = performance.now() + LOOK_FOR;
  while (!signal.aborted && performance.now() < end) {
    const published = await log.published();
    if (published !== undefined && published.size > index) return published;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  throw new QuietproofError('QP6571', { what: `No checkpoint covers entry ${index} yet` });
}

export interface Counting {
  readonly database: Database;
  readonly queue: ProofQueue;
  /** Whose proofs are counted. */
  readonly workerId: string;
}

export interface Proof {
  readonly receiptId: string;
  readonly modelId: string;
  readonly bundle: string;
  /** Of proving. */
  readonly seconds: number;
  readonly verifying?: Verifying;
}

export type Outcome = 'counted' | 'lost' | 'erased';

/**
 * Has a proof count, if it proves the answer and the job is still this worker's: the bundle and the end of the job are one
 * transaction. So each answer gets one bundle, whoever else has proved it meanwhile.
 *
 * @returns 'lost' where another attempt has the job: nothing was changed
 * @throws QP6003 if it does not prove the answer: nothing was changed; QP6571
 */
export async function count(
  { database, queue, workerId }: Counting,
  job: HeldJob,
  proof: Proof,
): Promise<Outcome> {
  requireProof(job, proof);
  const { receiptId, modelId, bundle, seconds } = proof;
  return database.transaction(async (sql) => {
    if (!(await queue.complete(sql, job))) return 'lost';
    const { rowCount } = await sql.query(
      `update ${SCHEMA}.answer set proved = true, dead = null
       where index = $1 and receipt_id = $2 and model_id = $3 and not proved`,
      [job.index, receiptId, modelId],
    );
    if (rowCount !== 1) return requireErased(sql, job);
    await sql.query(`insert into ${SCHEMA}.proof (receipt_id, bundle) values ($1, $2)`, [
      receiptId,
      deflateRawSync(bundle),
    ]);
    await oweProved(sql, job.index);
    await sql.query(`update ${SCHEMA}.worker set proved = proved + 1, seconds = seconds + $2 where id = $1`, [
      workerId,
      seconds,
    ]);
    return 'counted';
  });
}

/** @throws QP6003 if the job's answer is there, so that the job goes on */
async function requireErased(sql: Sql, { index }: HeldJob): Promise<'erased'> {
  const { rowCount } = await sql.query(`select 1 from ${SCHEMA}.answer where index = $1 and not proved`, [
    index,
  ]);
  if (rowCount === 0) return 'erased';
  throw new QuietproofError('QP6003', { where: `entry ${index}` });
}

/** Verifies as a stranger would: by the verifier, from the bytes of the bundle. @throws QP6003 */
function requireProof({ index }: HeldJob, { receiptId, modelId, bundle, verifying }: Proof): void {
  const { accepted, statementDigest } = verifyBundle(bundle, { model: modelId, ...verifying });
  if (accepted && statementDigest === receiptId) return;
  throw new QuietproofError('QP6003', { where: `entry ${index}` });
}
