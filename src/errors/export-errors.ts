import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP795x: what is written for chains, pages and people (the verifier's own codes stay below QP7900). */
export const exportErrors = {
  QP7951: { title: 'The folder holds no model record: it has no key yet', exit: EXIT.badInput },
  QP7952: { title: 'The model has too many public signals for one contract', exit: EXIT.badInput },
  QP7953: { title: 'The bundle is not valid, and nothing is made of it', exit: EXIT.notValid },
} as const satisfies Record<string, ErrorSpec>;
