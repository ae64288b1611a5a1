import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP665x: the conformance suites; QP666x: reports of audits. */
export const reportErrors = {
  QP6650: { title: 'The command of the verifier cannot be read', exit: EXIT.badInput },
  QP6651: { title: 'The verifier cannot be started', exit: EXIT.badInput },
  QP6652: { title: 'The verifier answers nothing', exit: EXIT.badInput },
  QP6653: { title: 'There are no such cases', exit: EXIT.badInput },
  QP6660: {
    title: 'The package pdfkit, which reports on paper need, is not installed',
    exit: EXIT.environment,
  },
  QP6661: { title: 'The file of the findings does not contain these findings', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
