import { HOW_TO_BUILD } from '../prover/backends.ts';
import type { NativeProver } from '../prover/native-binary.ts';
import type { EnvironmentCheck } from './check.ts';

/** The native prover is optional, so only a broken one is a warning. */
export function checkNativeProver(native: NativeProver): EnvironmentCheck {
  const name = 'native prover';
  if (native.state === 'ready') {
    const { binding } = native;
    return { name, status: 'ok', found: `${binding.version()}, ${binding.engine()}` };
  }
  const found = `${native.reason}; snarkjs is used, which is slower`;
  return { name, status: native.state === 'absent' ? 'ok' : 'warn', found, fix: HOW_TO_BUILD };
}
