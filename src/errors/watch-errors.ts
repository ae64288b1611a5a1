import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP6450 to QP6479: the watch. */
export const watchErrors = {
  QP6450: { title: 'The options of the watch contradict each other', exit: EXIT.badInput },
  QP6451: { title: 'The endpoint behind the watch does not answer', exit: EXIT.environment },
  QP6452: { title: 'The records of the watch are damaged', exit: EXIT.environment },
  QP6453: { title: 'The address of the watch cannot be listened to', exit: EXIT.environment },
  QP6454: { title: 'The watch stopped checking', exit: EXIT.internal },
  QP6455: { title: 'There is nothing at this address of the watch', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
