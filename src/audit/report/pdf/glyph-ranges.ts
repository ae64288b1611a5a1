/** The characters of both fonts in ../fonts: Latin, Greek and Cyrillic. Others have no sign in them. */
const RANGES: readonly (readonly [from: number, to: number])[] = [
  [0x0020, 0x007e],
  [0x00a0, 0x024f],
  [0x0370, 0x0377],
  [0x037a, 0x037f],
  [0x0384, 0x038a],
  [0x038c, 0x038c],
  [0x038e, 0x03a1],
  [0x03a3, 0x03e1],
  [0x03f0, 0x04ff],
  [0x1e00, 0x1eff],
  [0x2010, 0x2015],
  [0x2018, 0x2022],
  [0x2026, 0x2026],
  [0x2030, 0x2030],
  [0x2032, 0x2033],
  [0x2039, 0x203a],
  [0x20ac, 0x20ac],
  [0x2116, 0x2116],
  [0x2122, 0x2122],
  [0x2212, 0x2212],
  [0x2248, 0x2248],
  [0x2260, 0x2260],
  [0x2264, 0x2265],
  [0xfffd, 0xfffd],
];

/** A text with the codes of those characters that the fonts lack: a file for archives must not contain any other. */
export function inGlyphs(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (RANGES.some(([from, to]) => from <= code && code <= to)) return character;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}
