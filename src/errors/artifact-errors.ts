import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP46xx: the contents of an artifact's files. Its binary files for keys and circuits have codes QP501x. */
export const artifactErrors = {
  QP4601: { title: 'A file of the artifact is damaged', exit: EXIT.badInput },
  QP4602: { title: 'A file of the artifact is larger than such a file can be', exit: EXIT.badInput },
  QP4603: { title: 'A file of the artifact is not a regular file', exit: EXIT.badInput },
  QP4604: { title: 'The names of the circuit (.sym) cannot be parsed', exit: EXIT.badInput },
  QP4605: { title: 'The witness plan cannot be used', exit: EXIT.badInput },
  QP4606: { title: 'Files of the artifact do not belong together', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
