import { BACKEND_NAMES, type BackendName } from '#dist/prover/backend.js';
import { backendNamed } from '#dist/prover/backends.js';
import type { LeftOut } from './interleave.ts';

export interface AvailableBackends {
  /** This project's backends that work here. Everything is compared with the first one. */
  readonly backends: readonly BackendName[];
  readonly absent: readonly LeftOut[];
}

export function availableBackends(): AvailableBackends {
  const backends: BackendName[] = [];
  const absent: LeftOut[] = [];
  for (const name of BACKEND_NAMES) {
    try {
      backends.push(backendNamed(name).name);
    } catch (error) {
      absent.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { backends, absent };
}
