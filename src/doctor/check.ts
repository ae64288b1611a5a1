/** The result of one check of the machine. */
export interface EnvironmentCheck {
  readonly name: string;
  /** `warn`: works, but slower or with limits. `fail`: some command will not work. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** What to do. Present unless `ok`, and also on `ok` if something could be better. */
  readonly fix?: string;
}
