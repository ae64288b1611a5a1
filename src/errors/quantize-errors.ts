import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP3xxx: calibration, quantization and proved bounds. */
export const quantizeErrors = {
  QP3001: { title: 'A value leaves the range in which integers are exact', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
