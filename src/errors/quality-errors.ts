import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP31xx: the contract on quality. */
export const qualityErrors = {
  QP3101: { title: 'The quality contract cannot be used', exit: EXIT.badInput },
  QP3102: { title: 'The float model gives a value that is not a finite number', exit: EXIT.badInput },
  QP3103: { title: 'The integer model breaks the quality contract', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
