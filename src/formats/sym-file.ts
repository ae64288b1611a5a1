import { QuietproofError } from '../errors/quietproof-error.ts';

const LINE = /^(\d{1,15}),(-1|\d{1,15}),(\d{1,15}),([\x21-\x7e]+)$/;

/**
 * Reads circom's `.sym` file: one line a signal, `label,wire,component,name`; wire −1 where O1 merged it away.
 *
 * @param visit called for every signal that has a wire, in file order; several names may share a wire
 * @throws QuietproofError QP4604
 */
export function readSym(text: string, visit: (wire: number, name: string) => void): void {
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end);
    start = end === -1 ? text.length : end + 1;
    number += 1;
    const [, , wire, , name] = LINE.exec(line) ?? [];
    if (wire === undefined || name === undefined) {
      throw new QuietproofError('QP4604', {
        where: `circuit.sym, line ${number}`,
        fix: 'Run `quietproof compile` again',
      });
    }
    if (wire !== '-1') visit(Number(wire), name);
  }
}
