import { EXIT, type ErrorSpec } from './error-spec.ts';

/** Codes QP2xxx: model files and what is in them. */
export const importErrors = {
  QP2001: { title: 'The model file cannot be parsed', exit: EXIT.badInput },
  QP2101: { title: 'This operator cannot be proved', exit: EXIT.badInput },
  QP2103: { title: 'Softmax between layers cannot be proved', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
