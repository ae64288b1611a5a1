/** One-sided: the true share exceeds an upper bound in at most one of 20 draws of the rows. */
const CONFIDENCE = 0.95;
const HALVINGS = 60;

/**
 * The upper 95 % bound on the share of rows whose label flips: exact (Clopper and Pearson, 1934), one-sided. It is the
 * largest share at which `count` flips or fewer among `rows` independent rows still have a probability of 5 %.
 *
 * @returns rounded up to 4 significant digits, so that it is the same on every machine
 */
export function flipUpperBound(count: number, rows: number): number {
  if (count >= rows) return 1;
  let [low, high] = [count / rows, 1];
  for (let k = 0; k < HALVINGS; k += 1) {
    const middle = (low + high) / 2;
    if (atMost(count, rows, middle) >= 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  return Math.min(1, roundUp(high));
}

/** The fewest rows with which a share of flips can be judged: none of them may flip. @param share above 0 */
export function rowsToJudge(share: number): number {
  if (share >= 1) return 1;
  let rows = Math.max(1, Math.floor(Math.log(1 - CONFIDENCE) / Math.log1p(-share)));
  while (flipUpperBound(0, rows) > share) rows += 1;
  return rows;
}

/** Up to 4 significant digits: what is recorded never says less than what was measured. */
export function roundUp(value: number): number {
  const rounded = Number(value.toPrecision(4));
  if (rounded >= value) return rounded;
  const [digits, exponent] = rounded.toExponential(3).split('e');
  return Number(`${(Number(digits) + 0.001).toFixed(3)}e${exponent}`);
}

/** P(X ≤ count) for X ~ Binomial(rows, share), 0 < share < 1. Sums logarithms: the terms may be below any double. */
function atMost(count: number, rows: number, share: number): number {
  const odds = Math.log(share) - Math.log1p(-share);
  let term = rows * Math.log1p(-share);
  const terms = [term];
  for (let k = 0; k < count; k += 1) {
    term += Math.log((rows - k) / (k + 1)) + odds;
    terms.push(term);
  }
  const largest = terms.reduce((a, b) => Math.max(a, b));
  return Math.exp(largest) * terms.reduce((sum, own) => sum + Math.exp(own - largest), 0);
}
