import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { type CircomOutput, compileCircom } from '../../src/circuit/circom/circom-compiler.ts';

/**
 * A folder that several test files need and none changes: the first that asks makes it, the others of the same run find it.
 * Two that ask at the same time may both make it; one result is kept.
 *
 * @param key all that the content depends on, beside the sources and the build
 */
export async function madeOnce(key: unknown, make: (folder: string) => Promise<unknown>): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const run = inject('runFolder');
  const made = path.join(run, digest);
  if (await isThere(made)) return made;
  await mkdir(run, { recursive: true });
  const stage = await mkdtemp(path.join(run, 'stage-'));
  try {
    await make(stage);
    await rename(stage, made);
  } catch (error) {
    if (!(await isThere(made))) throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  return made;
}

/**
 * What circom makes of a source and the templates that it may include; made once in a run.
 *
 * @param wasm whether with the witness calculator; all that share a source should ask for the same
 */
export async function compiledOnce(
  source: string,
  includes: ReadonlyMap<string, string>,
  wasm = false,
): Promise<Required<CircomOutput>> {
  const key = ['circom', wasm, source, Array.from(includes)];
  const folder = await madeOnce(key, async (outDir) => {
    const { stats } = await compileCircom({ source, includes, outDir, wasm });
    await writeFile(path.join(outDir, 'stats.json'), JSON.stringify(stats));
  });
  const file = (name: string) => path.join(folder, name);
  return {
    r1csPath: file('circuit.r1cs'),
    symPath: file('circuit.sym'),
    wasmPath: file('circuit.wasm'),
    stats: JSON.parse(await readFile(file('stats.json'), 'utf8')),
  };
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch {
    return false;
  }
}
