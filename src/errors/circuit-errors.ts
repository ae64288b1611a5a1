import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP4xxx: circuit generation, the circom compiler and compiled artifacts. */
export const circuitErrors = {
  QP4001: { title: 'The circom compiler failed', exit: EXIT.internal },
} as const satisfies Record<string, ErrorSpec>;
