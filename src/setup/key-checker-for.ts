import type { KeyChecker, KeyPart, PointFault } from '../key/key-checker.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';
import { chooseBackend } from '../prover/backends.ts';
import { nativeError } from '../prover/native-backend.ts';
import { nativeProver } from '../prover/native-binary.ts';
import type { NativeBinding, NativePointFault } from '../prover/native-binding.ts';
import { thisMachine } from '../prover/worker-count.ts';

/**
 * What checks the points of keys: the native prover where it works, otherwise WebAssembly. Both give the same answers.
 *
 * @param file of the key, for errors
 */
export function keyCheckerFor(file: string): KeyChecker {
  const native = nativeProver();
  if (native.state !== 'ready' || chooseBackend().backend.name !== 'native') return wasmKeyChecker;
  return nativeKeyChecker(native.binding, file);
}

/** Checks with the native prover. */
export function nativeKeyChecker(binding: NativeBinding, file: string): KeyChecker {
  const { cores } = thisMachine();
  const translated = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw nativeError(error, file);
    });
  return {
    findFaultyPoint: async ({ bytes }) => {
      const fault = await translated(binding.findFaultyPoint(bytes, cores));
      return fault === null ? undefined : faultOf(fault);
    },
    findUndivided: async (before, after) =>
      (await translated(binding.findUndivided(before.bytes, after.bytes, cores))) ?? undefined,
  };
}

function faultOf({ part, kind, index = 0 }: NativePointFault): PointFault {
  const found = part as KeyPart;
  return kind === 'curve' ? { part: found, kind, index } : { part: found, kind };
}
