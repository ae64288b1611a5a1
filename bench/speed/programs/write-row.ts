import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { contextSignal, parseAnyModelRecord, readingOf, saltFor } from '@quietproof/verify';
import { openWitnessCalculator } from '#dist/artifact/open-witness-calculator.js';
import { artifactInput } from '#dist/artifact/provable-artifact.js';
import { encodeWitnessFile } from '#dist/formats/wtns.js';
import { readRows } from '#dist/index.js';
import { encodeRows } from '#dist/prove/encode-rows.js';
import { writeJob } from './prove-job-file.ts';
import { ROW_FILES } from './row-files.ts';
import { serve } from './serve.ts';

// write-row.js <artifact> <data> <folder>: writes the first row of the data in the provers' input formats.
const [artifact, data, folder] = process.argv.slice(2) as [string, string, string];

await serve({}, async () => {
  const record = parseAnyModelRecord(await readFile(path.join(artifact, 'model.json'), 'utf8'));
  const { input } = readingOf(record.interface);
  const { rows } = await readRows(data, await artifactInput(artifact));
  const [row] = encodeRows(input, [{ index: 0, values: rows[0]! }], false);
  const salt = saltFor(input.mode, () => BigInt(`0x${randomBytes(16).toString('hex')}`));
  const job = { integers: Float64Array.from(row!.integers), salt, context: contextSignal(new Uint8Array()) };
  const calculator = await openWitnessCalculator(artifact);
  const { witness } = calculator.calculate(job.integers, job.salt, job.context);
  await writeJob(path.join(folder, ROW_FILES.job), job);
  await writeFile(path.join(folder, ROW_FILES.witness), encodeWitnessFile(witness));
  await writeFile(path.join(folder, ROW_FILES.ezkl), JSON.stringify({ input_data: [Array.from(rows[0]!)] }));
  return { wires: witness.length / 32 };
});
