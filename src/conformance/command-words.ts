import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * The words of a command line that the user gave as one text: parted by blanks, except within single or double quotes.
 * No shell reads it, so nothing else is special.
 *
 * @throws QP6650 if there is no word, or a quote is not closed
 */
export function commandWords(text: string): [program: string, ...rest: string[]] {
  const words: string[] = [];
  const WORD = /\s+|((?:[^\s"']|"[^"]*"|'[^']*')+)/gy;
  while (WORD.lastIndex < text.length) {
    const match = WORD.exec(text);
    if (match === null) {
      const what = `The command of the verifier has a quote that is not closed: ${text}`;
      throw new QuietproofError('QP6650', { what, fix: 'Close it, or leave it out' });
    }
    const [, word] = match;
    if (word !== undefined) words.push(word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  }
  const [program, ...rest] = words;
  if (!program) {
    const fix = 'Pass the command that starts your verifier, for example --verifier "python3 conformance.py"';
    throw new QuietproofError('QP6650', { what: 'The command of the verifier is empty', fix });
  }
  return [program, ...rest];
}
