import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileCircom } from '../circuit/circom/circom-compiler.ts';

export interface CompiledAgain {
  readonly r1csBytes: Uint8Array;
  readonly sym: string;
  /** circom's witness calculator, if requested. */
  readonly wasm: Uint8Array | undefined;
}

/** Runs circom in a temporary folder, which is deleted afterwards. */
export async function compileAgain(
  source: string,
  includes: ReadonlyMap<string, string>,
  wasm = false,
): Promise<CompiledAgain> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'quietproof-'));
  try {
    const { r1csPath, symPath, wasmPath } = await compileCircom({ source, includes, outDir, wasm });
    return {
      r1csBytes: await readFile(r1csPath),
      sym: await readFile(symPath!, 'utf8'),
      wasm: wasmPath === undefined ? undefined : await readFile(wasmPath),
    };
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
