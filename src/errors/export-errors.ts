import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP795x: exported contracts, pages and receipts. The verifier's own codes stay below QP7900. */
export const exportErrors = {
  QP7951: { title: 'The folder contains no model record', exit: EXIT.badInput },
  QP7952: { title: 'The model has too many public signals for one contract', exit: EXIT.badInput },
  QP7953: { title: 'The bundle is not valid, so nothing is exported', exit: EXIT.notValid },
} as const satisfies Record<string, ErrorSpec>;
