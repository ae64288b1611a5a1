import { PgBoss } from 'pg-boss';
import { expect, it } from 'vitest';
import { ProverPool } from '#dist/prover/pool.js';
import { proofChecker } from '#dist/prover/proof-checker.js';
import { DatabaseLog } from '#dist/server/fleet/database-log.js';
import { loadPackages } from '#dist/server/fleet/packages.js';
import { PostgresStore } from '#dist/server/fleet/postgres-store.js';
import { bundleOf, count, type Proof, proveJobOf } from '#dist/server/fleet/prove-job.js';
import { type HeldJob, ProofQueue } from '#dist/server/fleet/queue.js';
import { iris } from '../../serve/support/iris.ts';
import { ORIGIN, Site, until } from '../../serve/support/open.ts';
import { connect, databaseOf, inputsKey, openServer } from '../support/fleet-kind.ts';

const QUEUE = 'quietproof_queue';
const WORKER = '00000000-0000-4000-8000-00000000000a';

/** What the supervisor of pg-boss does about a worker that was silent for too long. */
async function expire(site: Site, job: HeldJob): Promise<void> {
  const database = await connect(site);
  await database.query(
    `update ${QUEUE}.job set heartbeat_on = now() - interval '1 hour', retry_delay = 0 where id = $1`,
    [job.id],
  );
  await database.close();
  const boss = new PgBoss({
    connectionString: databaseOf(site),
    schema: QUEUE,
    supervise: false,
    schedule: false,
  });
  await boss.start();
  await boss.supervise(job.queue);
  await boss.stop({ graceful: false });
}

/** The same bundle with another number in a place. */
function changed(bundle: string, change: (own: ReturnType<typeof JSON.parse>) => void): string {
  const own = JSON.parse(bundle);
  change(own);
  return JSON.stringify(own);
}

it('a worker that lies, or that wakes up late, changes nothing; a proof counts once', async () => {
  const site = await Site.make();
  const server = await openServer(site);
  const given = [await site.answer(server, 0), await site.answer(server, 1)] as const;
  const database = await connect(site);
  const queue = await ProofQueue.open(await loadPackages(), { url: databaseOf(site), onError: () => {} });
  const pool = await ProverPool.open({ artifactDir: iris().artifactDir, workers: 1 });
  const store = new PostgresStore({ database, queue, key: inputsKey(), origin: ORIGIN });
  const log = new DatabaseLog(database);
  const never = new AbortController().signal;
  const model = { record: site.record };
  const prove = async (index: number) => {
    const record = (await store.read(index))!;
    const proved = await pool.prove(proveJobOf(ORIGIN, record), never);
    return { record, proved };
  };
  const [first, second] = [await prove(1), await prove(2)];
  await pool.close();
  const bundles = await Promise.all([first, second].map((parts) => bundleOf(log, model, parts, never)));
  const { modelId } = site.record.ids;
  const counting = { database, queue, workerId: WORKER };
  const [receiptId, otherReceipt] = given.map((own) => own.receiptId) as [string, string];
  const proof = (own: Partial<Proof> = {}): Proof => {
    return { receiptId, modelId, bundle: bundles[0]!, seconds: 1, ...own };
  };
  const nothing = async () => {
    const { rows } = await database.query('select receipt_id from quietproof.proof');
    expect(rows).toEqual([]);
    expect(await server.receipt(receiptId)).toMatchObject({ state: 'queued' });
    expect(await server.receipt(otherReceipt)).toMatchObject({ state: 'queued' });
  };

  const held = (await queue.take(modelId, 'policy'))!;
  expect(held.index).toBe(1);
  // What was proved is another answer than the record's.
  const mixed = { record: first.record, proved: second.proved };
  await expect(bundleOf(log, model, mixed, never)).rejects.toMatchObject({
    code: expect.stringMatching(/^QP72/),
  });
  const lies: readonly (readonly [string, Partial<Proof>])[] = [
    ['no bundle', { bundle: '{}' }],
    ['a proof of another answer', { bundle: bundles[1]! }],
    ['of another receipt', { receiptId: otherReceipt }],
    ['of another model', { modelId: 'e'.repeat(64) }],
    [
      'another proof',
      {
        bundle: changed(bundles[0]!, (own) => {
          own.proof = JSON.parse(bundles[1]!).proof;
        }),
      },
    ],
    [
      'another statement',
      {
        bundle: changed(bundles[0]!, (own) => {
          own.statement = JSON.parse(bundles[1]!).statement;
        }),
      },
    ],
  ];
  const swapped = proof({ receiptId: otherReceipt, bundle: bundles[1]! });
  for (const checker of [undefined, proofChecker()]) {
    const verifying = { keys: new Map(), ...(checker && { checker }) };
    for (const [name, lie] of lies) {
      const told = count(counting, held, proof({ ...lie, verifying }));
      await expect(told, name).rejects.toMatchObject({ code: 'QP6003' });
    }
    // Another answer's own proof, under a job that is not its own.
    const lie = { ...swapped, verifying };
    await expect(count(counting, held, lie)).rejects.toMatchObject({ code: 'QP6003' });
  }
  expect(await queue.touch(held)).toBe(true);
  await nothing();

  await expire(site, held);
  const again = (await until(() => queue.take(modelId, 'policy')))!;
  // The one that nobody has taken comes first: the attempt that failed waits.
  const [next, other] = again.index === 1 ? [again, undefined] : [undefined, again];
  const current = next ?? (await until(() => queue.take(modelId, 'policy')))!;
  expect(current).toEqual({ ...held, retryCount: held.retryCount + 1 });
  expect(await queue.touch(held)).toBe(false);
  expect(await queue.fail(held, {})).toBe(false);
  expect(await count(counting, held, proof())).toBe('lost');
  for (const retryCount of [held.retryCount, current.retryCount + 1]) {
    expect(await count(counting, { ...current, retryCount }, proof())).toBe('lost');
  }
  await nothing();
  expect(await count(counting, current, proof())).toBe('counted');
  for (const job of [held, current]) expect(await count(counting, job, proof())).toBe('lost');
  expect(await server.receipt(receiptId)).toMatchObject({ state: 'proved', bundle: bundles[0] });
  const rest = other ?? (await until(() => queue.take(modelId, 'policy')))!;
  expect(rest.index).toBe(2);
  expect(await count(counting, rest, swapped)).toBe('counted');
  await queue.close();
  await database.close();
  await server.close();
});
