import type { Backend, BackendName } from './backend.ts';
import { snarkjsBackend } from './snarkjs-backend.ts';

const BACKENDS: Readonly<Record<BackendName, Backend>> = { snarkjs: snarkjsBackend };

/** The backend of that name. snarkjs is the one that is always there. */
export function backendNamed(name: BackendName): Backend {
  return BACKENDS[name];
}
