import { nativeProver } from '../prover/native-binary.ts';
import type { EnvironmentCheck } from './check.ts';
import { checkCores, checkDisk, checkMemory, checkNode } from './machine-checks.ts';
import { checkNativeProver } from './native-check.ts';
import { checkCircom, checkOnnxRuntime, checkSnarkjs, checkTfjs } from './tool-checks.ts';

/**
 * Checks everything that the commands need by using it, e.g. compiles a circuit with circom and writes to the folder.
 * Takes a few seconds and leaves nothing behind.
 *
 * @param folder the folder for artifacts
 */
export async function checkEnvironment(folder: string): Promise<EnvironmentCheck[]> {
  return await Promise.all([
    checkNode(process.versions.node),
    checkCores(),
    checkMemory(),
    checkDisk(folder),
    checkCircom(),
    checkSnarkjs(),
    checkOnnxRuntime(),
    checkTfjs(),
    checkNativeProver(nativeProver()),
  ]);
}
