/** One link from the source model to the verification key. */
export interface Link {
  readonly link: string;
  /** `same`: derived again and equal. `tested`: tried, not proved. `missing`: what it needs was not given. */
  readonly status: 'same' | 'differs' | 'tested' | 'missing';
  readonly what: string;
}

export type RederivedVerdict =
  /** Every link was derived again, down to the verification key. */
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
  readonly links: readonly Link[];
}

/** Links about keys; all others come before them. */
const KEY_LINKS = new Set(['key', 'ceremony', 'phase 1', 'contributions', 'verification key']);

/** Ends in the strongest verdict that the links carry. */
export function conclude(links: readonly Link[]): Rederivation {
  const broken = links.find(({ status }) => status === 'differs');
  const missing = links.find(({ status }) => status === 'missing');
  const stopsAt = (broken ?? missing)?.link;
  const missesModel = links.some(({ status, link }) => status === 'missing' && !KEY_LINKS.has(link));
  const verdict = (): RederivedVerdict => {
    if (broken !== undefined) return 'broken';
    if (missesModel) return 'incomplete';
    if (links.some(({ status }) => status === 'tested')) return 'tested, not proved';
    return missing === undefined ? 'this verification key is this model' : 'this circuit is this model';
  };
  return { verdict: verdict(), stopsAt, links };
}
