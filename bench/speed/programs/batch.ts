import { artifactInput } from '#dist/artifact/provable-artifact.js';
import { proveBatch, readRows } from '#dist/index.js';
import { serve } from './serve.ts';

// batch.js <artifact> <data> <rows> <folder>: makes bundles to verify, with the same function as `quietproof prove`.
const [artifact, data, count, outDir] = process.argv.slice(2) as [string, string, string, string];

await serve({}, async () => {
  const { rows } = await readRows(data, await artifactInput(artifact));
  const chosen = rows.slice(0, Number(count)).map((values, index) => ({ index, values }));
  const { proofsPerSecond, workers } = await proveBatch({ artifactDir: artifact, rows: chosen, outDir });
  return { proofsPerSecond, workers };
});
