import type { AnyModelRecord, TrustFinding, Verdict } from '@quietproof/verify';
import type { Finding } from './finding.ts';
import type { PageKind } from './page-kind.ts';
import type { Told } from './told.ts';

/** Where the row came from that the proved input was compared with. */
export type RowSource = 'reader' | 'opening';

/** What a proof was made for: see `Verdict.open` for whether that was asked. */
export type Occasion = 'asked' | 'not-asked' | 'none';

/** Statements that fit this model, and the keys that the sender says are those of their signers. */
export interface ToldOf extends Pick<Told, 'parties'> {
  readonly finding: TrustFinding;
}

/** Everything that the page shows of one check. */
export interface Shown {
  readonly page: PageKind;
  readonly finding: Finding;
  readonly verdict: Verdict;
  /** The model record; only if the verdict is valid. */
  readonly record: AnyModelRecord | undefined;
  /** Name of the checked file; undefined for the page's own bundle. */
  readonly file: string | undefined;
  readonly occasion: Occasion;
  /** The context that the reader typed. */
  readonly context: string | undefined;
  readonly rowSource: RowSource;
  /** What the page's sender tells of who vouches for the model, unless the reader asks those whom they trust. */
  readonly told: ToldOf | undefined;
}

/** Whether the bundle's data was compared with what the reader, or an opening file, gives. */
export function dataCompared({ verdict }: Shown): boolean {
  return verdict.distance !== undefined;
}
