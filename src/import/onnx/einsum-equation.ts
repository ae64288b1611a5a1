/** The labels of each operand and of the result, one character per axis. An ellipsis has become labels of its own. */
export interface Equation {
  readonly operands: readonly string[];
  readonly result: string;
}

/** Labels for the axes of an ellipsis; letters cannot clash with them. */
const ELLIPSIS_LABELS = '0123456789';

/**
 * Parses an equation of Einsum such as `bij,jk->bik`. Without an arrow, the result has the labels that occur once, in
 * alphabetical order, after those of the ellipsis.
 *
 * @param ranks of the operands
 * @returns undefined if the equation does not fit them
 */
export function parseEquation(text: string, ranks: readonly number[]): Equation | undefined {
  const [left = '', right, ...rest] = text.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (rest.length > 0 || terms.length !== ranks.length) return undefined;
  const spans = terms.map((term, k) => (term.includes('...') ? ranks[k]! - (term.length - 3) : 0));
  const most = Math.max(0, ...spans);
  if (most > ELLIPSIS_LABELS.length || spans.some((span) => span < 0)) return undefined;
  const expand = (term: string, span: number) =>
    term.replace('...', ELLIPSIS_LABELS.slice(most - span, most));
  const operands = terms.map((term, k) => expand(term, spans[k]!));
  const result = right === undefined ? implicitResult(operands, most) : expand(right, most);
  const all = operands.join('');
  const valid =
    operands.every((term, k) => /^[A-Za-z0-9]*$/.test(term) && term.length === ranks[k]) &&
    new Set(result).size === result.length &&
    [...result].every((label) => all.includes(label));
  return valid ? { operands, result } : undefined;
}

function implicitResult(operands: readonly string[], span: number): string {
  const all = operands.join('');
  const once = [...new Set(all)].filter((label) => all.split(label).length === 2 && /[A-Za-z]/.test(label));
  return ELLIPSIS_LABELS.slice(0, span) + once.sort().join('');
}
