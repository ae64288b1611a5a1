import type { Refusal } from '@quietproof/verify';
import type { UsageError } from '@quietproof/verify/command/usage-error';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { ERROR_REGISTRY, type ErrorCode } from '../errors/registry.ts';
import { systemError } from '../errors/system-error.ts';

/** Converts anything thrown to the error that users see. Anything unexpected is reported as a bug. */
export function asQuietproofError(thrown: unknown): QuietproofError {
  if (thrown instanceof QuietproofError) return thrown;
  if (isRefusal(thrown)) return refused(thrown);
  if (isUsageError(thrown)) return new QuietproofError(thrown.code, partsOf(thrown));
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

function isUsageError(thrown: unknown): thrown is UsageError {
  return thrown instanceof Error && thrown.name === 'UsageError' && 'what' in thrown;
}

function partsOf(cause: UsageError) {
  const { what, where, fix } = cause;
  return { what, ...(where !== undefined && { where }), ...(fix !== undefined && { fix }), cause };
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

function ourBug(thrown: unknown): QuietproofError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new QuietproofError('QP9001', {
    what: `This is a bug in Quietproof: ${message}`,
    fix: 'Run the same command with --verbose and report what it prints',
    cause: thrown,
  });
}
