import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP5xxx: proving keys, ceremony files and contributions. */
export const setupErrors = {
  QP5001: { title: 'The ceremony file cannot be parsed', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
