/** One finding about the machine. */
export interface EnvironmentCheck {
  readonly name: string;
  /** `warn`: it works, but slower or with less. `fail`: some command will not work. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** What to do; on every check that is not `ok`, and where `ok` can still be improved. */
  readonly fix?: string;
}
