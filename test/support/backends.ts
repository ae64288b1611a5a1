import type { Backend } from '../../src/prover/backend.ts';
import { chooseBackend } from '../../src/prover/backends.ts';
import { nativeBackend } from '../../src/prover/native-backend.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import { nativeChecker } from '../../src/prover/proof-checker.ts';
import { snarkjsBackend } from '../../src/prover/snarkjs-backend.ts';

/** The default backend of tests. QUIETPROOF_BACKEND sets it, and CI runs the tests with both. */
export const USUAL_BACKEND = chooseBackend().backend;

const native = nativeProver();
if (native.state !== 'ready' && process.env.CI !== undefined)
  throw new Error(`the native prover is not available: ${native.reason}`);

/** The native prover's binary. Its tests are skipped if it is not built, but never in CI. */
export const NATIVE_BINARY = native.state === 'ready' ? native.file : undefined;

/** The native check of proofs, if it is built. */
export const NATIVE_CHECKER = native.state === 'ready' ? nativeChecker(native.binding) : undefined;

/** All backends that work on this machine. */
export const ALL_BACKENDS: readonly Backend[] = [
  snarkjsBackend,
  ...(native.state === 'ready' ? [nativeBackend(native.binding)] : []),
];
