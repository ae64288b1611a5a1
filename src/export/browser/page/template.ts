const PLACE = /\{(\w+)\}/;

/** Splits a sentence at its `{name}` places, and puts what they stand for there. */
export function filled<T>(template: string, values: Readonly<Record<string, T>>): (T | string)[] {
  return template.split(PLACE).map((piece, index) => (index % 2 === 0 ? piece : (values[piece] as T)));
}

/** The same, as one text. */
export function text(template: string, values: Readonly<Record<string, string | number>>): string {
  return filled(template, values).join('');
}

/** A sentence in the singular or plural of the page's language. */
export function counted(count: number, forms: { readonly one: string; readonly other: string }): string {
  return text(count === 1 ? forms.one : forms.other, { count });
}
