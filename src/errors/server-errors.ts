import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP65xx: the servers. 6551 to 6579: the engine of the endpoint. */
export const serverErrors = {
  QP6551: {
    title: 'Proofs of earlier answers take too long, so that no more answers are given now',
    exit: EXIT.environment,
  },
  QP6552: { title: 'The endpoint is closing', exit: EXIT.environment },
  QP6553: { title: 'The proving policy of a model cannot be kept', exit: EXIT.badInput },
  QP6554: { title: 'A file of the sealed answers is damaged', exit: EXIT.environment },
  QP6555: { title: 'The log and the sealed answers do not belong together', exit: EXIT.environment },
  QP6556: {
    title: 'Sealed answers could not be written, and the endpoint must be opened again',
    exit: EXIT.environment,
  },
  QP6557: { title: 'A round of the beacon cannot be had', exit: EXIT.environment },
  QP6558: { title: 'No randomness of the caller decides about this answer', exit: EXIT.badInput },
  QP6559: { title: 'The model does not answer here', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
