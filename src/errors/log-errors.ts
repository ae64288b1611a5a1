import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP64xx: writing a transparency log, witnesses and timestamps; QP6540 to QP6549: reading the logs of others. */
export const logErrors = {
  QP6401: { title: 'The log in this folder has another name or key', exit: EXIT.badInput },
  QP6402: { title: 'The files of the log do not lead to its checkpoint', exit: EXIT.environment },
  QP6403: { title: 'An entry is too long for a log', exit: EXIT.badInput },
  QP6404: { title: 'The log could not be written and must be opened again', exit: EXIT.environment },
  QP6405: { title: 'A witness did not answer', exit: EXIT.environment },
  QP6406: { title: 'A witness has cosigned a larger tree of this log', exit: EXIT.environment },
  QP6407: { title: 'A witness has seen another tree of this log', exit: EXIT.environment },
  QP6408: { title: 'A witness does not know this log or its key', exit: EXIT.badInput },
  QP6409: { title: 'A witness gave an answer that is no cosignature', exit: EXIT.environment },
  QP6410: { title: 'A witness refused the checkpoint', exit: EXIT.environment },
  QP6411: { title: 'The file of a witness with the last checkpoint is damaged', exit: EXIT.environment },
  QP6412: { title: 'A time-stamping authority did not answer', exit: EXIT.environment },
  QP6413: { title: 'A time-stamping authority refused the request', exit: EXIT.environment },
  QP6414: {
    title: 'A time-stamping authority gave an answer that readers would not believe',
    exit: EXIT.environment,
  },
  QP6540: { title: 'The log cannot be read', exit: EXIT.environment },
  QP6541: { title: 'The entries of the log do not lead to its checkpoint', exit: EXIT.badInput },
  QP6542: { title: 'The file is nothing of a log that evidence can be made of', exit: EXIT.badInput },
  QP6543: { title: 'The log does not say which draws it follows', exit: EXIT.badInput },
  QP6544: { title: 'The answer cannot be compared with its request', exit: EXIT.badInput },
  QP6545: { title: 'The file has no rounds of a beacon', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
