/** Thousands are grouped independently of the locale: `1,234,567`. */
export function count(number: number): string {
  return number.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 proof`, `2 proofs`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `"digits" (3f0c…)`. */
export function modelName({ name, modelId }: { readonly name: string; readonly modelId: string }): string {
  return `"${name}" (${modelId.slice(0, 16)}…)`;
}

/** The first few of a list, and how many more there are. */
export function someOf(items: readonly string[], total = items.length, most = 3): string {
  const rest = total - Math.min(items.length, most);
  const shown = items.slice(0, most).join(', ');
  return rest <= 0 ? shown : `${shown} and ${count(rest)} more`;
}

/** How text is painted; each is the identity function where colour is off. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}
