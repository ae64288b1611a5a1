/** What no shell changes outside quotes. */
const PLAIN = /^[A-Za-z0-9_./:=@%+,-]+$/;
/** What a shell changes inside double quotes too. */
const SPECIAL = /["$`\\!]/;

/** A `quietproof` command as it can be pasted into a shell: words with blanks or special characters are quoted. */
export function commandLine(words: readonly string[]): string {
  return ['quietproof', ...words].map(quote).join(' ');
}

/** Double quotes where they do, since Windows has no others. */
function quote(word: string): string {
  if (PLAIN.test(word)) return word;
  return SPECIAL.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
