/** The characters of a TrueType font: its table `cmap`, segments of format 4 (OpenType specification, "cmap"). */
export function charactersOf(font: Buffer): ReadonlySet<number> {
  const tables = font.readUInt16BE(4);
  const records = Array.from({ length: tables }, (_, at) => 12 + 16 * at);
  const cmap = font.readUInt32BE(records.find((at) => font.toString('latin1', at, at + 4) === 'cmap')! + 8);
  const subtables = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, at) => cmap + font.readUInt32BE(cmap + 8 + 8 * at),
  );
  const start = subtables.find((at) => font.readUInt16BE(at) === 4)!;
  const segments = font.readUInt16BE(start + 6) / 2;
  const word = (list: number, at: number) =>
    font.readUInt16BE(start + 14 + 2 * (list * segments + at) + (list > 0 ? 2 : 0));
  const found = new Set<number>();
  for (let at = 0; at < segments; at += 1) {
    const [last, first, delta, offset] = [word(0, at), word(1, at), word(2, at), word(3, at)];
    for (let code = first; code <= last && code !== 0xffff; code += 1) {
      const place = start + 16 + 2 * (3 * segments + at) + offset + 2 * (code - first);
      const glyph = offset === 0 ? (code + delta) & 0xffff : font.readUInt16BE(place);
      if (glyph !== 0) found.add(code);
    }
  }
  return found;
}
