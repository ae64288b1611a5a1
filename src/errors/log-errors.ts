import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP64xx: writing a transparency log. */
export const logErrors = {
  QP6401: { title: 'The log in this folder has another name or key', exit: EXIT.badInput },
  QP6402: { title: 'The files of the log do not lead to its checkpoint', exit: EXIT.environment },
  QP6403: { title: 'An entry is too long for a log', exit: EXIT.badInput },
  QP6404: { title: 'The log could not be written and must be opened again', exit: EXIT.environment },
} as const satisfies Record<string, ErrorSpec>;
