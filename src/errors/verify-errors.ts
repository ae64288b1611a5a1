import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP7xxx: bundles and their verification. */
export const verifyErrors = {
  QP7001: { title: 'The proof bundle cannot be parsed', exit: EXIT.notValid },
} as const satisfies Record<string, ErrorSpec>;
