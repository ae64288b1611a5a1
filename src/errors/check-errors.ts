import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP45xx: checking and re-deriving circuits. A failed check is a verdict, not an error. */
export const checkErrors = {
  QP4501: { title: 'The folder is not a compiled artifact', exit: EXIT.badInput },
  QP4502: { title: 'A file of the artifact is not the one its manifest names', exit: EXIT.badInput },
  QP4503: { title: 'There is neither an artifact nor a proof bundle here', exit: EXIT.badInput },
  QP4504: { title: 'The wires that the circuit counts as inputs are not its inputs', exit: EXIT.badInput },
  QP4505: {
    title: 'A layer reads a value that has no wire; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
  QP4506: {
    title: 'The quality cannot be measured again: this is not the model of the artifact',
    exit: EXIT.badInput,
  },
} as const satisfies Record<string, ErrorSpec>;
