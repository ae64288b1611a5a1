import { readFileSync } from 'node:fs';
import { QuietproofError } from '../errors/quietproof-error.ts';

const REPLACEMENT = '\ufffd';

/**
 * Refuses arguments that are not valid UTF-8. Node decodes them with U+FFFD in place of the bytes that it cannot read, so
 * that a path would name another file. On Linux the bytes are looked up, since a name may really contain U+FFFD; elsewhere
 * such a name is refused.
 *
 * @throws QP1009
 */
export function requireUtf8(words: readonly string[]): void {
  const suspicious = words.find((word) => word.includes(REPLACEMENT));
  if (suspicious === undefined || everyArgumentIsUtf8()) return;
  throw new QuietproofError('QP1009', { where: suspicious, fix: 'Rename the file, or use another path' });
}

/** False where the bytes cannot be known. */
function everyArgumentIsUtf8(): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(readFileSync('/proc/self/cmdline'));
    return true;
  } catch {
    return false;
  }
}
