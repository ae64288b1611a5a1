import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP11xx: rows of data, and the files they come from. */
export const dataErrors = {
  QP1101: { title: 'The data file cannot be parsed', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
