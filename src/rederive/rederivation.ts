/** One link of the chain from the source model to the verification key, or a claim outside the chain. */
export interface Link {
  readonly link: string;
  readonly status: LinkStatus;
  readonly what: string;
  /** What the final sentence must add because of this link. */
  readonly reservation?: string;
}

/**
 * - `same`: derived again and equal.
 * - `tested`: tested, not proved.
 * - `taken`: taken as claimed, and later links depend on it.
 * - `unchecked`: not checked, and no other link depends on it.
 * - `missing`: a file that it needs was not given.
 */
export type LinkStatus = 'same' | 'differs' | 'tested' | 'taken' | 'unchecked' | 'missing';

export type RederivedVerdict =
  /** Every link was followed down to the verification key. `reservations` list what was taken as claimed. */
  | 'this verification key is this model'
  /** Every link was followed down to the r1cs. A key or its ceremony was not given. */
  | 'this circuit is this model'
  /** A development key, which behaves like one of this circuit. */
  | 'tested, not proved'
  /** A link before the key could not be followed. */
  | 'incomplete'
  | 'broken';

export interface Rederivation {
  readonly verdict: RederivedVerdict;
  /** The first link that differs, else the first that is missing. */
  readonly stopsAt: string | undefined;
  /** What the verdict does not cover: everything that was taken as claimed or not checked. */
  readonly reservations: readonly string[];
  /** The verdict, where it stops, and all reservations. To be quoted only as a whole. */
  readonly sentence: string;
  readonly links: readonly Link[];
}

/** Links about keys, which come after all others. */
const KEY_LINKS = new Set(['key', 'ceremony', 'phase 1', 'contributions', 'verification key']);

/** Concludes with the strongest verdict that the links support. */
export function conclude(links: readonly Link[]): Rederivation {
  const broken = links.find(({ status }) => status === 'differs');
  const missing = links.find(({ status }) => status === 'missing');
  const stopsAt = (broken ?? missing)?.link;
  const verdict = verdictOf(links);
  const reservations = broken === undefined ? links.flatMap(({ reservation }) => reservation ?? []) : [];
  const stops = stopsAt === undefined ? [] : [`it stops at: ${stopsAt}`];
  return { verdict, stopsAt, reservations, sentence: [verdict, ...stops, ...reservations].join('; '), links };
}

function verdictOf(links: readonly Link[]): RederivedVerdict {
  const has = (wanted: LinkStatus) => links.some(({ status }) => status === wanted);
  if (has('differs')) return 'broken';
  if (links.some(({ status, link }) => status === 'missing' && !KEY_LINKS.has(link))) return 'incomplete';
  if (has('tested')) return 'tested, not proved';
  return has('missing') ? 'this circuit is this model' : 'this verification key is this model';
}

/** A link between a digest that was derived and the one that is claimed. */
export function compare(link: string, derived: string, claimed: string): Link {
  return derived === claimed
    ? { link, status: 'same', what: derived }
    : { link, status: 'differs', what: `derived ${derived}, claimed ${claimed}` };
}

export function isBroken(links: readonly Link[]): boolean {
  return links.some(({ status }) => status === 'differs');
}
