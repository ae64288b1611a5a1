import { QuietproofError } from '../errors/quietproof-error.ts';
import { BACKEND_NAMES, type Backend, type BackendName } from './backend.ts';
import { nativeBackend } from './native-backend.ts';
import { nativeProver } from './native-binary.ts';
import { snarkjsBackend } from './snarkjs-backend.ts';

/** Forces one backend where no option names one: for tests, and for who runs programs of others. */
export const BACKEND_VARIABLE = 'QUIETPROOF_BACKEND';

export interface ChosenBackend {
  readonly backend: Backend;
  /** Why the native prover is not used although it is there. */
  readonly warning?: string;
}

/**
 * The backend to prove with: the one that was asked for, by option or environment; else the native prover where it
 * works, and snarkjs where it does not.
 *
 * @throws QP6301 the native prover was asked for and cannot be used; QP1001 the environment names no backend
 */
export function chooseBackend(requested = backendOfEnvironment()): ChosenBackend {
  if (requested !== undefined) return { backend: backendNamed(requested) };
  const native = nativeProver();
  if (native.state === 'ready') return { backend: nativeBackend(native.binding) };
  const warning = `The native prover cannot be used, and snarkjs is instead: ${native.reason}`;
  return { backend: snarkjsBackend, ...(native.state === 'broken' && { warning }) };
}

/** @throws QP6301 */
export function backendNamed(name: BackendName): Backend {
  if (name === 'snarkjs') return snarkjsBackend;
  const native = nativeProver();
  if (native.state === 'ready') return nativeBackend(native.binding);
  throw new QuietproofError('QP6301', {
    what: `The native prover cannot be used: ${native.reason}`,
    fix: `${HOW_TO_BUILD}, or use --backend snarkjs`,
  });
}

export const HOW_TO_BUILD = 'Install Rust (https://rustup.rs) and run `npm run build:native`';

function backendOfEnvironment(): BackendName | undefined {
  const named = process.env[BACKEND_VARIABLE];
  if (!named) return undefined;
  const name = BACKEND_NAMES.find((known) => known === named);
  if (name !== undefined) return name;
  throw new QuietproofError('QP1001', {
    what: `${BACKEND_VARIABLE} is "${named}", which is no backend`,
    fix: `Set it to ${BACKEND_NAMES.join(' or ')}, or not at all`,
  });
}
