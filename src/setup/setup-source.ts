import type { SetupV2 } from '@quietproof/verify';
import type { Beacon } from '../ceremony/beacon.ts';
import type { DevelopmentKeyOptions } from './make-development-key.ts';
import type { KeyFiles } from './setup-files.ts';

/** Where a key comes from. */
export type SetupSource =
  | { readonly kind: 'development' }
  /** Phase 2 starts from this phase-1 file. */
  | { readonly kind: 'ptau'; readonly file: string }
  /**
   * A key made elsewhere. It is compared with the key that this artifact's ceremony started from or, if `ptau` is given,
   * with a new one made from that file.
   */
  | { readonly kind: 'import'; readonly file: string; readonly ptau?: string }
  /** The artifact's own key, with a beacon as the last contribution. */
  | { readonly kind: 'beacon'; readonly beacon: Beacon; readonly name?: string };

export interface MakeKeyOptions extends DevelopmentKeyOptions {
  readonly source: SetupSource;
  /** Replace an existing key, which is kept under its id. */
  readonly force?: boolean;
}

export interface MadeKey {
  readonly key: KeyFiles;
  readonly record: SetupV2;
  /** Content of the transcript that the record names. */
  readonly transcript?: Uint8Array;
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
}
