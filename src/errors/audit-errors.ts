import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP660x: audits. */
export const auditErrors = {
  QP6601: { title: 'The list of expected answers cannot be used', exit: EXIT.badInput },
  QP6602: { title: 'An audit reads folders only', exit: EXIT.badInput },
  QP6603: { title: 'This is no period of an audit', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
