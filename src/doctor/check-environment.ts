import { nativeProver } from '../prover/native-binary.ts';
import type { EnvironmentCheck } from './check.ts';
import { checkCores, checkDisk, checkMemory, checkNode } from './machine-checks.ts';
import { checkNativeProver } from './native-check.ts';
import { checkCircom, checkOnnxRuntime, checkSnarkjs, checkTfjs } from './tool-checks.ts';

/**
 * Looks at everything the commands need and finds out by using it: circom compiles a circuit, the folder is
 * written to. Takes a few seconds; changes nothing.
 *
 * @param folder where artifacts will be written
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
