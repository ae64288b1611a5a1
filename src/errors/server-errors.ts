import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP65xx: the servers. 6501 to 6519: the contributor service, 6520 to 6549: those who ask it; 6551 to 6579: the engine of the endpoint. */
export const serverErrors = {
  QP6501: { title: 'The request is not signed as contributor services ask for', exit: EXIT.badInput },
  QP6502: {
    title: 'The request is not signed by a producer whom the contributor knows',
    exit: EXIT.badInput,
  },
  QP6503: { title: 'The request is too old, or was sent before', exit: EXIT.badInput },
  QP6504: { title: 'The content of the request is not the one that was announced', exit: EXIT.badInput },
  QP6505: { title: 'The request cannot be read', exit: EXIT.badInput },
  QP6506: { title: 'The contributor has no such round', exit: EXIT.badInput },
  QP6507: { title: 'The contributor does not have this phase-1 file', exit: EXIT.badInput },
  QP6508: { title: 'The round was announced with another content', exit: EXIT.badInput },
  QP6509: { title: 'The file is larger than the contributor takes', exit: EXIT.badInput },
  QP6510: { title: 'Too many rounds or requests are open', exit: EXIT.badInput },
  QP6511: { title: 'The round has no result now', exit: EXIT.badInput },
  QP6512: {
    title: 'The trust file says nothing of producers who may ask for contributions',
    exit: EXIT.badInput,
  },
  QP6513: { title: 'The record of contributions is damaged', exit: EXIT.environment },
  QP6514: { title: 'The contributor service failed', exit: EXIT.internal },
  QP6520: { title: 'A contributor could not be reached', exit: EXIT.environment },
  QP6521: { title: 'A contributor returned what does not continue the key', exit: EXIT.badInput },
  QP6522: { title: 'A contributor refused', exit: EXIT.environment },
  QP6523: { title: "A contributor's statement is not about what it returned", exit: EXIT.badInput },
  QP6524: { title: 'The archive of the ceremony cannot be read', exit: EXIT.badInput },
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
  QP6560: { title: 'The clock is behind the beacon', exit: EXIT.environment },
  QP6561: { title: 'Two models that answer have the same name and version', exit: EXIT.badInput },
  QP6562: { title: 'The list of timestamps of the log is damaged', exit: EXIT.environment },
} as const satisfies Record<string, ErrorSpec>;
