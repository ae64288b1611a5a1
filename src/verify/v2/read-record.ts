import { claimMembers, readChain, readIds, readTools, readVerificationKey } from '../bundle/read-parts.ts';
import { hexText, readContribution } from '../interface/read-interface.ts';
import { readFileJson } from '../json/read-file.ts';
import {
  hex,
  integer,
  list,
  literal,
  matching,
  type Reader,
  real,
  record,
  text,
  version,
} from '../json/read-json.ts';
import { kinds, open } from '../json/read-open.ts';
import { checkQuality } from './check-quality.ts';
import { readInterfaceV2 } from './read-interface.ts';
import { readModelSidecars } from './read-sidecars.ts';
import type { ManifestV2, ModelRecordV2, Quality, QuantizationSummaryV2, SetupV2 } from './record-types.ts';

const readContract = record({ flips: real, error: real }, {});

const measured = {
  contract: readContract,
  rows: integer(1),
};
const measures = { flips: record({ count: integer(0), upper: real }, {}), error: real };

/** Checks the form only; `checkQuality` checks that the numbers are consistent. */
const readQuality: Reader<Quality> = kinds({
  judged: open({ kind: literal('judged'), ...measured }, measures),
  'loss-accepted': open({ kind: literal('loss-accepted'), ...measured }, measures),
  'not-judged': open({ kind: literal('not-judged'), rows: integer(0) }, { contract: readContract }),
});

const readSetup: Reader<SetupV2> = kinds({
  development: open({ kind: literal('development') }, {}),
  ceremony: open(
    { kind: literal('ceremony'), contributions: list(readContribution, 1, 1024) },
    { ptau: record({ blake2b: hexText, name: text }, {}), transcript: hex },
  ),
});

const selection = literal('auto', 'given');

const readQuantization: Reader<QuantizationSummaryV2> = kinds({
  none: record({ kind: literal('none') }, {}),
  'per-layer': record({ kind: literal('per-layer'), selection }, {}),
  uniform: record(
    {
      kind: literal('uniform'),
      weightBits: integer(1),
      inputBits: integer(1),
      activationBits: integer(1),
      selection,
    },
    {},
  ),
});

const formatName = matching(/^[a-z0-9][a-z0-9.+-]{0,31}$/, 'a name of lower-case letters and digits');

export const readManifest: Reader<ManifestV2> = open(
  {
    version: version('quietproof/manifest/v2'),
    source: record({ format: formatName, file: text }, { producer: text }),
    chain: readChain,
    bounds: hex,
    quantization: readQuantization,
    constraints: integer(0),
    tools: readTools,
  },
  { accuracy: hex, claims: open({}, claimMembers) },
);

export const readRecordV2: Reader<ModelRecordV2> = open(
  {
    version: version('quietproof/model/v2'),
    ids: readIds,
    interface: readInterfaceV2,
    manifest: readManifest,
    quality: readQuality,
    setup: readSetup,
    verificationKey: readVerificationKey,
  },
  { sidecars: readModelSidecars },
);

/** Reads a quality on its own, and checks that its numbers are consistent. @throws Refusal QP7001 to QP7012, QP7107 */
export function parseQuality(source: string | Uint8Array): Quality {
  const quality = readFileJson(source, readQuality);
  checkQuality(quality);
  return quality;
}
