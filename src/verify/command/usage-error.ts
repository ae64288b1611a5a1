/** The codes of wrong use, which the pipeline's registry defines too. */
export type UsageCode = 'QP1001' | 'QP1002' | 'QP1003';

/** Wrong use of the command, or a path that the user named and that cannot be read. Refusals are about contents. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: UsageCode;
  readonly what: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;

  constructor(
    code: UsageCode,
    parts: { readonly what: string; readonly where?: string; readonly fix?: string },
  ) {
    const { what, where, fix } = parts;
    super(`${code} ${what}${where === undefined ? '' : ` (${where})`}${fix === undefined ? '' : `. ${fix}`}`);
    this.code = code;
    this.what = what;
    this.where = where;
    this.fix = fix;
  }
}
