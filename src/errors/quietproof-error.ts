import type { ExitCode } from './error-spec.ts';
import { ERROR_REGISTRY, type ErrorCode } from './registry.ts';

export interface ErrorParts {
  /** What went wrong, if more specific than the registry's title. A sentence without a full stop. */
  readonly what?: string;
  /** Location: file, node, layer, row, column. Printed in parentheses. */
  readonly where?: string;
  /** What the user can do. A sentence without a full stop. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * The only error class that users see. Its message has the form `QP2103 what (where). fix`.
 *
 * @example throw new QuietproofError('QP2101', { what: 'Erf cannot be proved', where: 'node "gelu" in a.onnx' });
 */
export class QuietproofError extends Error {
  override readonly name = 'QuietproofError';
  readonly code: ErrorCode;
  readonly what: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;

  constructor(code: ErrorCode, parts: ErrorParts = {}) {
    const what = parts.what ?? ERROR_REGISTRY[code].title;
    const where = parts.where === undefined ? '' : ` (${parts.where})`;
    const fix = parts.fix === undefined ? '' : `. ${parts.fix}`;
    super(`${code} ${what}${where}${fix}`, parts.cause === undefined ? {} : { cause: parts.cause });
    this.code = code;
    this.what = what;
    this.where = parts.where;
    this.fix = parts.fix;
  }

  get exit(): ExitCode {
    return ERROR_REGISTRY[this.code].exit;
  }
}
