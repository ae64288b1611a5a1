/** What is being checked. Opening another bundle replaces all of it. */
export interface Subject {
  readonly bundle: Uint8Array;
  /** Missing for the page's own bundle. */
  readonly file?: string;
  readonly opening?: Uint8Array;
}
