import type { Json } from '../canonical.ts';
import { putStatement, statementOf } from '../seal.ts';
import type { BaseV2 } from './bases.ts';
import { rebind, seal } from './seal.ts';

export type Change = (json: Json) => void;

/** A changed copy, with nothing recomputed. */
export function changed(from: BaseV2, change: Change): Json {
  const bundle = from.copy();
  change(bundle);
  return bundle;
}

/** A changed copy with all digests recomputed: another model, or another statement. */
export function sealed(from: BaseV2, change: Change): Json {
  return seal(changed(from, change));
}

/** A copy with a changed statement; the sidecars refer to the new statement. */
export function saying(from: BaseV2, change: Change): Json {
  return changed(from, (bundle) => {
    const statement = statementOf(bundle);
    change(statement);
    putStatement(bundle, statement);
    rebind(bundle);
  });
}

const keysOf = (path: string) => path.split('.').filter((key) => key !== '');

/** The member at a path such as `a.0.b`. */
export function at(root: Json, path: string): Json {
  return keysOf(path).reduce((place, key) => place[key], root);
}

/** Sets the member at a path such as `a.0.b`; `undefined` removes it. */
export function put(root: Json, path: string, value: Json): void {
  const keys = keysOf(path);
  const last = keys.pop() as string;
  const parent = at(root, keys.join('.'));
  if (value === undefined) delete parent[last];
  else parent[last] = structuredClone(value);
}

/** A different value of the same form: the last digit or letter is changed. */
export function nudge(leaf: Json): Json {
  if (typeof leaf === 'number') return leaf + 1;
  // A real with another last digit is seldom in its shortest form.
  if (/^-?[0-9]+\.[0-9]+$/.test(leaf)) return '0.25';
  return leaf.slice(0, -1) + (leaf.endsWith('1') ? '2' : '1');
}

export function thin(bundle: Json): Json {
  const { model: _, ...rest } = bundle;
  return rest;
}
