import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP10xx (commands), QP80xx (environment) and QP90xx (our bugs). */
export const cliErrors = {
  QP1001: { title: 'The command line is not valid', exit: EXIT.badInput },
  QP1002: { title: 'A file cannot be read', exit: EXIT.badInput },
  QP1003: { title: 'This does not name a model', exit: EXIT.badInput },
  QP1004: { title: 'A file would be replaced that this command did not make', exit: EXIT.badInput },
  QP1005: { title: 'The output would be written over the input', exit: EXIT.badInput },
  QP1006: {
    title: 'A path goes through too many symbolic links, or through a loop of them',
    exit: EXIT.badInput,
  },
  QP1007: { title: 'A path or the name of a file is too long', exit: EXIT.badInput },
  QP1008: {
    title: 'A file is where a folder has to be, or a folder where a file has to be',
    exit: EXIT.badInput,
  },
  QP1009: { title: 'An argument is not valid UTF-8, so it would name another file', exit: EXIT.badInput },
  QP1010: { title: 'This is not what the command takes', exit: EXIT.badInput },
  QP1012: { title: 'The configuration file cannot be used', exit: EXIT.badInput },
  QP8001: { title: 'The disk is full', exit: EXIT.environment },
  QP8002: { title: 'A file cannot be written', exit: EXIT.environment },
  QP8003: { title: 'Too many files are open', exit: EXIT.environment },
  QP8004: { title: 'The file system is read-only', exit: EXIT.environment },
  QP8005: { title: 'There is no permission to write here', exit: EXIT.environment },
  QP8006: { title: 'The disk quota is used up', exit: EXIT.environment },
  QP8007: { title: 'There is not enough memory', exit: EXIT.environment },
  QP8008: { title: 'The device failed while reading or writing', exit: EXIT.environment },
  QP9001: {
    title: 'An internal error occurred; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
} as const satisfies Record<string, ErrorSpec>;
