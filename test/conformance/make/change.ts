import type { Json } from './canonical.ts';
import type { BaseBundle } from './corpus.ts';

export type Change = (bundle: Json) => void;

/** A changed copy of a bundle. */
export function changed(from: BaseBundle, change: Change): Json {
  const bundle = from.copy();
  change(bundle);
  return bundle;
}
