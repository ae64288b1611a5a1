import { readFile, writeFile } from 'node:fs/promises';
import type { ProveJob } from '#dist/prover/prove-job.js';

export async function writeJob(file: string, { integers, salt, context }: ProveJob): Promise<void> {
  const text = { integers: [...integers], salt: salt === null ? null : `${salt}`, context: `${context}` };
  await writeFile(file, JSON.stringify(text));
}

export async function readJob(file: string): Promise<ProveJob> {
  const { integers, salt, context } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly integers: number[];
    readonly salt: string | null;
    readonly context: string;
  };
  return {
    integers: Float64Array.from(integers),
    salt: salt === null ? null : BigInt(salt),
    context: BigInt(context),
  };
}
