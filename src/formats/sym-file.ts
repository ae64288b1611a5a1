/**
 * Reads circom's `.sym` file: one line a signal, `label,wire,component,name`; wire −1 where O1 merged it away.
 *
 * @param visit called for every signal that has a wire, in file order; several names may share a wire
 */
export function readSym(text: string, visit: (wire: number, name: string) => void): void {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end);
    start = end === -1 ? text.length : end + 1;
    const first = line.indexOf(',');
    const second = line.indexOf(',', first + 1);
    const third = line.indexOf(',', second + 1);
    if (third === -1) continue;
    const wire = Number(line.slice(first + 1, second));
    if (wire >= 0) visit(wire, line.slice(third + 1));
  }
}
