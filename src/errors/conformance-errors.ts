import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP665x: the conformance suites. */
export const conformanceErrors = {
  QP6650: { title: 'The command of the verifier cannot be read', exit: EXIT.badInput },
  QP6651: { title: 'The verifier cannot be started', exit: EXIT.badInput },
  QP6652: { title: 'The verifier answers nothing', exit: EXIT.badInput },
  QP6653: { title: 'There are no such cases', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
