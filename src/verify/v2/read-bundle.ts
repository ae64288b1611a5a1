import { readEnvelope, readProof, readRow } from '../bundle/read-parts.ts';
import { decimal, hex, integer, list, type Reader, text, version } from '../json/read-json.ts';
import { open } from '../json/read-open.ts';
import type { BundleV2, ThinBundleV2 } from './bundle-types.ts';
import type { OpeningV2 } from './opening-types.ts';
import { readRecordV2 } from './read-record.ts';
import { readBundleSidecars } from './read-sidecars.ts';

/** Largest number of public signals of one proof. */
export const MAX_SIGNALS = 65_536;

/** Thin or packed. */
export const readBundleV2: Reader<ThinBundleV2 & Partial<BundleV2>> = open(
  {
    version: version('quietproof/bundle/v2'),
    statement: readEnvelope,
    proof: readProof,
    publicSignals: list(decimal, 1, MAX_SIGNALS),
  },
  { model: readRecordV2, row: readRow, sidecars: readBundleSidecars },
);

export const readOpeningV2: Reader<OpeningV2> = open(
  {
    version: version('quietproof/opening/v2'),
    modelId: hex,
    digest: decimal,
    salt: decimal,
    values: list(integer(0), 1),
  },
  { input: list(text, 1), row: readRow },
);
