import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP10xx (commands), QP80xx (environment) and QP90xx (our bugs). */
export const cliErrors = {
  QP1001: { title: 'The command line is not valid', exit: EXIT.badInput },
  QP1002: { title: 'A file cannot be read', exit: EXIT.badInput },
  QP1003: { title: 'This does not name a model', exit: EXIT.badInput },
  QP8001: { title: 'The disk is full', exit: EXIT.environment },
  QP8002: { title: 'A file cannot be written', exit: EXIT.environment },
  QP9001: {
    title: 'An internal error occurred; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
} as const satisfies Record<string, ErrorSpec>;
