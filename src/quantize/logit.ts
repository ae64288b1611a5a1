/** Terms of the series below: full float64 precision for arguments in [√½, √2]. */
const SERIES_TERMS = 24;

/**
 * ln(p / (1 − p)), computed with + − × ÷ only, so that a threshold is the same integer on every machine. Math.log
 * may differ between engines.
 */
export function logit(p: number): number {
  return naturalLog(p) - naturalLog(1 - p);
}

function naturalLog(x: number): number {
  let exponent = 0;
  let mantissa = x;
  for (; mantissa > Math.SQRT2; mantissa /= 2) exponent += 1;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) exponent -= 1;
  // ln m = 2 artanh((m − 1) / (m + 1))
  const z = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let k = SERIES_TERMS; k >= 0; k -= 1) sum = sum * z * z + 1 / (2 * k + 1);
  return 2 * z * sum + exponent * Math.LN2;
}
