import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP4xxx: circuit generation, the circom compiler and compiled artifacts. */
export const circuitErrors = {
  QP4001: { title: 'The circom compiler failed', exit: EXIT.internal },
  QP4002: { title: 'The circom compiler ran out of memory', exit: EXIT.environment },
} as const satisfies Record<string, ErrorSpec>;
