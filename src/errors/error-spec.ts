/** Exit status of a command, by outcome. */
export const EXIT = {
  ok: 0,
  notValid: 1,
  badInput: 2,
  environment: 3,
  internal: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One entry of the error registry. */
export interface ErrorSpec {
  /** The meaning of the code, and the default message: a sentence without a full stop. */
  readonly title: string;
  readonly exit: ExitCode;
}
