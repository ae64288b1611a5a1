import { QuietproofError } from '../../errors/quietproof-error.ts';

/** The error for a model that the library cannot load or run. */
export function refusedByTfjs(file: string, cause: unknown): QuietproofError {
  const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
  return new QuietproofError('QP3010', {
    what: `TensorFlow.js cannot run the model: ${reason}`,
    where: file,
    fix: 'Check that the model runs in TensorFlow.js before proving it',
    cause,
  });
}
