import { QuietproofError } from '../errors/quietproof-error.ts';
import { BACKEND_NAMES, BACKEND_VARIABLE, type Backend, type BackendName } from './backend.ts';
import { nativeBackend } from './native-backend.ts';
import { nativeProver } from './native-binary.ts';
import { snarkjsBackend } from './snarkjs-backend.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  /** Why the native prover is present but not used. */
  readonly warning?: string;
}

/**
 * Chooses the backend: the one given by option or environment, else the native prover if it works, else snarkjs.
 *
 * @throws QP6301 if the native prover was requested and cannot be used; QP1001 if the environment variable is not valid
 */
export function chooseBackend(requested = backendOfEnvironment()): ChosenBackend {
  if (requested !== undefined) return { backend: backendNamed(requested) };
  const native = nativeProver();
  if (native.state === 'ready') return { backend: nativeBackend(native.binding) };
  const warning = `The native prover cannot be used, so snarkjs is used instead: ${native.reason}`;
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
    what: `${BACKEND_VARIABLE} is "${named}", which is not a backend`,
    fix: `Set it to ${BACKEND_NAMES.join(' or ')}, or unset it`,
  });
}
