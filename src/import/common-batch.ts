import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * The number of rows that a model takes at once.
 *
 * @param batches of its inputs
 * @throws QuietproofError QP2108 if they differ
 */
export function commonBatch(batches: readonly number[], file: string): number {
  const different = new Set(batches);
  if (different.size === 1) return batches[0]!;
  throw new QuietproofError('QP2108', {
    what: `The inputs take different numbers of rows at once: ${Array.from(different).join(' and ')}`,
    where: file,
    fix: 'Export with a dynamic batch dimension',
  });
}
