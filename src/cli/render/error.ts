import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { Style } from './style.ts';

/** `QP2103 what (where). fix`: starts with the code and puts everything on one line, for logs and grep. */
export function renderError(error: QuietproofError, style: Style): string {
  const where = error.where === undefined ? '' : style.dim(` (${error.where})`);
  const fix = error.fix === undefined ? '' : `. ${error.fix}`;
  return `${style.red(style.bold(error.code))} ${error.what}${where}${fix}`;
}
