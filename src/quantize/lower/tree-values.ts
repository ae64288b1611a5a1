/** What a tree gives for one target: an integer that depends on the conditions that it reads. */
export type TreeValue =
  | { readonly kind: 'constant'; readonly value: number }
  /** One of two constants. */
  | {
      readonly kind: 'pair';
      readonly condition: number;
      readonly whenTrue: number;
      readonly whenFalse: number;
    }
  | {
      readonly kind: 'select';
      readonly condition: number;
      readonly whenTrue: TreeValue;
      readonly whenFalse: TreeValue;
      /** 1 if neither operand is a select, else one more than the highest. */
      readonly height: number;
    };

/** Makes values so that equal ones are one object: equal sub-trees are computed once, and a choice between them is none. */
export class TreeValues {
  readonly #known = new Map<string, TreeValue>();
  readonly #numbers = new Map<TreeValue, number>();

  constant(value: number): TreeValue {
    return this.#once(String(value), () => ({ kind: 'constant', value }));
  }

  /** @param condition id of a value that is 0 or 1 */
  choice(condition: number, whenTrue: TreeValue, whenFalse: TreeValue): TreeValue {
    if (whenTrue === whenFalse) return whenTrue;
    const key = `${condition}:${this.#numbers.get(whenTrue)}:${this.#numbers.get(whenFalse)}`;
    return this.#once(key, () => {
      if (whenTrue.kind === 'constant' && whenFalse.kind === 'constant') {
        return { kind: 'pair', condition, whenTrue: whenTrue.value, whenFalse: whenFalse.value };
      }
      const height = 1 + Math.max(heightOf(whenTrue), heightOf(whenFalse));
      return { kind: 'select', condition, whenTrue, whenFalse, height };
    });
  }

  #once(key: string, make: () => TreeValue): TreeValue {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    this.#numbers.set(made, this.#numbers.size);
    return made;
  }
}

function heightOf(value: TreeValue): number {
  return value.kind === 'select' ? value.height : 0;
}

/** Every value that is read by selects which are among these values or which they read, and these. Operands come first. */
export function withOperands(values: Iterable<TreeValue>): Set<TreeValue> {
  const found = new Set<TreeValue>();
  const visit = (value: TreeValue) => {
    if (found.has(value)) return;
    if (value.kind === 'select') {
      visit(value.whenTrue);
      visit(value.whenFalse);
    }
    found.add(value);
  };
  for (const value of values) visit(value);
  return found;
}

/** The least and the greatest number that a value may have, whatever its conditions are. */
export function rangeOf(value: TreeValue): { readonly lo: number; readonly hi: number } {
  let [lo, hi] = [Infinity, -Infinity];
  for (const own of withOperands([value])) {
    const ends =
      own.kind === 'constant' ? [own.value] : own.kind === 'pair' ? [own.whenTrue, own.whenFalse] : [];
    lo = Math.min(lo, ...ends);
    hi = Math.max(hi, ...ends);
  }
  return { lo, hi };
}
