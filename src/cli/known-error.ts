import type { Refusal } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { ERROR_REGISTRY, type ErrorCode } from '../errors/registry.ts';

/** Converts anything thrown to the error that users see. Anything unexpected is reported as a bug. */
export function asQuietproofError(thrown: unknown): QuietproofError {
  if (thrown instanceof QuietproofError) return thrown;
  if (isRefusal(thrown)) return refused(thrown);
  if (thrown instanceof Error && thrown.name === 'AbortError') return interrupted(thrown);
  return systemError(thrown) ?? ourBug(thrown);
}

/** An abort signal, wherever it was noticed. */
function interrupted(cause: Error): QuietproofError {
  return new QuietproofError('QP6004', { fix: 'Run the same command again', cause });
}

/** Checked by name, so that the verifier is not loaded for other errors. */
function isRefusal(thrown: unknown): thrown is Refusal {
  return thrown instanceof Error && thrown.name === 'Refusal' && 'code' in thrown;
}

/** The verifier imports nothing from this package, so its errors have their own class. */
function refused(refusal: Refusal): QuietproofError {
  if (!(refusal.code in ERROR_REGISTRY)) return ourBug(refusal);
  return new QuietproofError(refusal.code as ErrorCode, {
    what: refusal.what,
    ...(refusal.where === undefined ? {} : { where: refusal.where }),
    cause: refusal,
  });
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'No permission to read the file',
  EPERM: 'No permission to read the file',
  EISDIR: 'This is a folder where a file was expected',
  ENOTDIR: 'This is a file where a folder was expected',
};

function systemError(thrown: unknown): QuietproofError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  const code = String(thrown.code);
  const where = 'path' in thrown ? { where: String(thrown.path) } : {};
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new QuietproofError('QP8001', {
      ...where,
      fix: 'Free some space and run the same command again',
      cause: thrown,
    });
  }
  const what = READ_FAILURES[code];
  if (what === undefined) return undefined;
  return new QuietproofError('QP1002', { what, ...where, fix: 'Check the path', cause: thrown });
}

function ourBug(thrown: unknown): QuietproofError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new QuietproofError('QP9001', {
    what: `This is a bug in Quietproof: ${message}`,
    fix: 'Run the same command with --verbose and report what it prints',
    cause: thrown,
  });
}
