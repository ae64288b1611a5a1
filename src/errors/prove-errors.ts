import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP6xxx: witnesses, workers and batches. */
export const proveErrors = {
  QP6001: { title: 'A worker died while proving', exit: EXIT.environment },
  QP6002: { title: 'A worker ran out of memory', exit: EXIT.environment },
  /** Its key or its witness plan is damaged, or the machine is faulty; far less often, a bug. */
  QP6003: { title: 'A proof failed its check, which precedes writing it', exit: EXIT.badInput },
  QP6004: { title: 'The work was interrupted', exit: EXIT.interrupted },
  QP6101: { title: 'The proving key still awaits a contribution', exit: EXIT.badInput },
  QP6102: { title: 'The artifact has no proving key yet', exit: EXIT.badInput },
  QP6103: { title: 'A file of the artifact was changed since it was made', exit: EXIT.badInput },
  QP6104: { title: 'The folder is not an artifact', exit: EXIT.badInput },
  QP6201: { title: 'A value is outside the input range of the model', exit: EXIT.badInput },
  QP6202: {
    title: 'The output folder contains proofs of another model, row or context',
    exit: EXIT.badInput,
  },
  QP6203: { title: 'Another process is proving into this folder', exit: EXIT.badInput },
  QP6204: { title: 'The private opening of a finished proof is missing', exit: EXIT.badInput },
  QP6205: { title: 'A record of this artifact has no own part of the context', exit: EXIT.badInput },
  QP6206: { title: 'Another process is changing this folder', exit: EXIT.badInput },
  QP6207: { title: 'Answers of this artifact cannot be stated before they are proved', exit: EXIT.badInput },
  QP6301: { title: 'The native prover cannot be used', exit: EXIT.environment },
  QP6302: {
    title: 'The system refused the native prover memory, a file or randomness',
    exit: EXIT.environment,
  },
} as const satisfies Record<string, ErrorSpec>;
