/** Exit status of a command, by kind of outcome. */
export const EXIT = {
  ok: 0,
  notValid: 1,
  badInput: 2,
  environment: 3,
  internal: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One entry of the error registry: what a code means, whoever throws it. */
export interface ErrorSpec {
  /** A full sentence without a full stop; the default message of the error. */
  readonly title: string;
  readonly exit: ExitCode;
}
