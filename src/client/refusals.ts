/** Why the watch itself refuses what it is given: code → one sentence without a full stop. */
export const WATCH_REFUSALS = {
  QP7770: 'The store is that of another watch, or of a version that this one does not know',
  QP7771: 'The options of the watch contradict themselves',
  QP7772: 'The text is no checkpoint of the log that is watched',
} as const;

export type WatchRefusalCode = keyof typeof WATCH_REFUSALS;

/** The only error that the watch throws for bad input. Its message reads `QP7771 what (where)`. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly code: WatchRefusalCode;
  readonly what: string;
  readonly where: string | undefined;

  constructor(code: WatchRefusalCode, parts: { readonly what?: string; readonly where?: string } = {}) {
    const what = parts.what ?? WATCH_REFUSALS[code];
    super(`${code} ${what}${parts.where === undefined ? '' : ` (${parts.where})`}`);
    [this.code, this.what, this.where] = [code, what, parts.where];
  }
}
