import { ProverPool } from '#dist/index.js';
import type { BackendName } from '#dist/prover/backend.js';
import { readJob } from './prove-job-file.ts';
import { serve, timed } from './serve.ts';

// pool.js <backend> <artifact> <row.json> <workers> <seconds>: a burst of proofs that keeps all workers of a pool busy,
// with one thread per proof, also for a single worker, so that several workers can be compared with it.
const [backend, artifact, row, workerCount, seconds] = process.argv.slice(2) as [
  BackendName,
  ...[string, string, string, string],
];
const workers = Number(workerCount);
const job = await readJob(row);
const pool = await ProverPool.open({ artifactDir: artifact, workers, backend, threads: 1 });

async function burst(proofs: number): Promise<number> {
  let left = proofs;
  // One runner more than workers, like `prove`, so that no worker waits for its next row.
  const runner = async () => {
    while (left > 0) {
      left -= 1;
      await pool.prove(job);
    }
  };
  const { ms } = await timed(() => Promise.all(Array.from({ length: workers + 1 }, runner)));
  return ms / 1000;
}

await burst(workers); // every worker loads the key and proves
const perWorker = await burst(workers);
// The same number per worker, so that none is idle while another finishes.
const proofs = workers * Math.max(2, Math.ceil(Number(seconds) / perWorker));

await serve({ proofs }, async () => ({ proofsPerSecond: proofs / (await burst(proofs)) }));
