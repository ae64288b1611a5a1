import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP4xxx: circuit generation, the circom compiler and compiled artifacts. */
export const circuitErrors = {
  QP4001: { title: 'The circom compiler failed', exit: EXIT.internal },
  QP4002: { title: 'The circom compiler ran out of memory', exit: EXIT.environment },
  QP4003: { title: 'The circuit is too large for the circom compiler', exit: EXIT.badInput },
  QP4101: {
    title: 'A wire of the circuit has no known value; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
  QP4102: {
    title: "The circuit is not satisfied by the executor's witness; this is a bug in Quietproof",
    exit: EXIT.internal,
  },
  QP4103: {
    title: 'The number of constraints differs from the prediction; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
  QP4201: { title: 'The output folder contains other files', exit: EXIT.badInput },
  QP4202: { title: 'The folder is not an artifact', exit: EXIT.badInput },
  QP4203: { title: 'A file of the artifact has changed since it was compiled', exit: EXIT.badInput },
  QP4204: { title: 'The output folder contains the key of another circuit', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
