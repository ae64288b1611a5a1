export const SHORT_DIGITS = 6;

/** A number with at most six significant digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(SHORT_DIGITS)));
}

/** A fraction as a percentage. */
export function percent(fraction: string): string {
  return `${shortNumber(Number(fraction) * 100)} %`;
}

/** The same, rounded down to a tenth: never better than it is. */
export function roundPercent(fraction: string): string {
  return `${Math.floor(Number(fraction) * 1000) / 10}\u00a0%`;
}

export function withUnit(number: string, unit: string | undefined): string {
  return unit === undefined ? number : `${number} ${unit}`;
}
