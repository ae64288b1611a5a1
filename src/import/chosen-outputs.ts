import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * The outputs to prove, in the order of the file.
 *
 * @param wanted their names; all if it is missing
 * @throws QuietproofError QP2135 if the model has no output of such a name
 */
export function chosenOutputs(
  names: readonly string[],
  wanted: readonly string[] | undefined,
  file: string,
): string[] {
  if (wanted === undefined) return [...names];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return names.filter((name) => wanted.includes(name));
  throw new QuietproofError('QP2135', {
    what: `The model has no output "${unknown}"`,
    where: file,
    fix: `Its outputs are ${names.map((name) => `"${name}"`).join(', ')}`,
  });
}
