import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP6xxx: witnesses, workers and batches. */
export const proveErrors = {
  QP6001: { title: 'A worker died while proving', exit: EXIT.environment },
} as const satisfies Record<string, ErrorSpec>;
