import { isPrintable } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** Characters of a refused name that the message shows. */
const MAX_SHOWN = 40;

/**
 * Refuses names that records could not contain, and that would do something to a terminal instead of being shown.
 * Called as soon as a file is decoded, before any message quotes a name.
 *
 * @param kind what the names are of, e.g. "node"
 * @throws QuietproofError QP2006
 */
export function refuseUnprintable(
  kind: string,
  names: Iterable<string | null | undefined>,
  file: string,
): void {
  for (const name of names) {
    if (!name || isPrintable(name)) continue;
    throw new QuietproofError('QP2006', {
      what: `The name of a ${kind} is too long or contains characters that cannot be shown: ${escaped(name)}`,
      where: file,
      fix: 'Rename it in the model, with printable characters only',
    });
  }
}

/** ASCII only, so that nothing in it acts on a terminal. */
function escaped(name: string): string {
  const ascii = JSON.stringify(name.slice(0, MAX_SHOWN)).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return name.length > MAX_SHOWN ? `${ascii}…` : ascii;
}
