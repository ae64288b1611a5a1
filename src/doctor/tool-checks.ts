import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { circomVersion, compileCircom } from '../circuit/circom/circom-compiler.ts';
import type { EnvironmentCheck } from './check.ts';

const REINSTALL = 'Run `npm ci` in the project, or reinstall the package';

const SQUARE = `pragma circom 2.1.0;
template Square() { signal input in; signal output out; out <== in * in; }
component main = Square();
`;

/** Compiles a circuit with one constraint. */
export async function checkCircom(): Promise<EnvironmentCheck> {
  const outDir = await mkdtemp(path.join(os.tmpdir(), 'quietproof-doctor-'));
  try {
    await compileCircom({ source: SQUARE, outDir });
    return { name: 'circom', status: 'ok', found: `${(await circomVersion()).circom}, compiles` };
  } catch (error) {
    return { name: 'circom', status: 'fail', found: reason(error), fix: REINSTALL };
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

export async function checkSnarkjs(): Promise<EnvironmentCheck> {
  return await checkPackage('snarkjs', 'fail', REINSTALL);
}

export async function checkOnnxRuntime(): Promise<EnvironmentCheck> {
  return await checkPackage('onnxruntime-web', 'fail', REINSTALL);
}

/** The float reference for TensorFlow.js models. Its native build is faster, but optional. */
export async function checkTfjs(): Promise<EnvironmentCheck> {
  const native = await checkPackage('@tensorflow/tfjs-node', 'warn', '');
  if (native.status === 'ok') return { ...native, name: 'tfjs', found: `${native.found} (tfjs-node)` };
  return { ...(await checkPackage('@tensorflow/tfjs-layers', 'fail', REINSTALL)), name: 'tfjs' };
}

async function checkPackage(
  name: string,
  ifMissing: 'warn' | 'fail',
  fix: string,
): Promise<EnvironmentCheck> {
  try {
    await import(name);
    return { name, status: 'ok', found: await versionOf(name) };
  } catch (error) {
    return { name, status: ifMissing, found: reason(error), fix };
  }
}

/** `exports` often hides package.json, so this searches the folders above the entry point. */
async function versionOf(name: string): Promise<string> {
  let folder = path.dirname(createRequire(import.meta.url).resolve(name));
  while (path.dirname(folder) !== folder) {
    try {
      const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
      if (manifest.name === name) return manifest.version;
    } catch {
      // Try the parent folder.
    }
    folder = path.dirname(folder);
  }
  return 'loads';
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
