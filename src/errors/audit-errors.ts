import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP660x: audits. */
export const auditErrors = {
  QP6601: { title: 'The list of expected answers cannot be used', exit: EXIT.badInput },
  QP6602: { title: 'This is nothing that an audit can read', exit: EXIT.badInput },
  QP6603: { title: 'This is no period of an audit', exit: EXIT.badInput },
  QP6604: { title: 'The archive cannot be read', exit: EXIT.badInput },
  QP6605: { title: 'The inputs cannot be opened as asked', exit: EXIT.badInput },
  QP6606: { title: 'The models cannot be measured on these rows', exit: EXIT.badInput },
  QP6640: { title: 'There is no signature of an audit', exit: EXIT.badInput },
  QP6641: { title: 'The signature of the audit does not count', exit: EXIT.notValid },
  QP6642: { title: 'A file of the audit is not the one that was signed', exit: EXIT.notValid },
} as const satisfies Record<string, ErrorSpec>;
