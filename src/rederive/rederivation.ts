/** One link from the source model to the verification key, or a claim beside the chain. */
export interface Link {
  readonly link: string;
  readonly status: LinkStatus;
  readonly what: string;
  /** What the last sentence must add because of this link. */
  readonly reservation?: string;
}

/**
 * `same`: derived again and equal. `tested`: tried, not proved. `taken`: what follows rests on it, and it was taken as
 * claimed. `unchecked`: nothing rests on it, and nothing was said about it. `missing`: what it needs was not given.
 */
export type LinkStatus = 'same' | 'differs' | 'tested' | 'taken' | 'unchecked' | 'missing';

export type RederivedVerdict =
  /** Every link was followed, down to the verification key; `reservations` say what was taken as claimed. */
  | 'this verification key is this model'
  /** Every link up to the r1cs; nothing was said about a key, or its ceremony was not given. */
  | 'this circuit is this model'
  /** A development key behaves as one of this circuit. */
  | 'tested, not proved'
  /** A link before the key could not be followed. */
  | 'incomplete'
  | 'broken';

export interface Rederivation {
  readonly verdict: RederivedVerdict;
  /** The first link that differs, else the first that is missing. */
  readonly stopsAt: string | undefined;
  /** What the verdict does not say: everything that was taken as claimed or not looked at. */
  readonly reservations: readonly string[];
  /** The verdict, where it stops and all reservations: what may be said, and no less. */
  readonly sentence: string;
  readonly links: readonly Link[];
}

/** Links about keys; all others come before them. */
const KEY_LINKS = new Set(['key', 'ceremony', 'phase 1', 'contributions', 'verification key']);

/** Ends in the strongest verdict that the links carry. */
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
