import {
  type AffineEncoding,
  type AffineEncodingV2,
  INPUT_MODE_NAMES,
  parseJson,
  type Reader,
  readEncodingV1,
  readEncodingV2,
  readers,
  readManifestV1,
  readManifestV2,
} from '@quietproof/verify';
import { objectOf } from '../data/json-object.ts';
import { STATED_OUTPUTS } from '../integer/statement.ts';
import type { BitWidths, LayerWidths } from '../quantize/bit-widths.ts';
import type { GridKind } from '../quantize/input-encoding.ts';
import { FILE_LIMITS, unlessRefused } from './artifact-file.ts';
import type {
  ArtifactManifest,
  ArtifactManifestV1,
  ArtifactManifestV2,
  CodedFeatures,
  CompiledEncoding,
  CostRecord,
  NamedOutputRecord,
  OutputRecord,
  QuantizationRecord,
  StatementRecord,
} from './artifact-manifest.ts';
import { ARTIFACT } from './file-names.ts';

const { asObject, dictionary, hex, integer, list, literal, real, requireMember, text, tuple } = readers;

/** Version 2 names the axes of an encoding, version 1 has none. */
const readEncoding: Reader<AffineEncoding | CompiledEncoding> = (json, at) =>
  asObject(json, at).has('axes') || asObject(json, at).get('kind') !== 'affine'
    ? readCompiled(json, at)
    : withSteps(readEncodingV1(json, at), at);

const readCompiled: Reader<CompiledEncoding> = (json, at) => {
  const encoding = readEncodingV2(json, at);
  if (encoding.kind === 'integer') return readers.refuse(`${at}.kind`, 'must be no "integer"');
  return encoding.kind === 'affine' ? withSteps(encoding, at) : encoding;
};

function withSteps<E extends AffineEncoding | AffineEncodingV2>(encoding: E, at: string): E {
  const steps: readonly (string | number)[] = [encoding.step].flat();
  return steps.every((step) => Number(step) > 0) ? encoding : readers.refuse(`${at}.step`, 'must be above 0');
}

const readParts = list(objectOf<CodedFeatures>({ count: integer(1), encoding: readCompiled }, {}), 2);

const readInput: Reader<QuantizationRecord['input']> = (json, at) =>
  Array.isArray(json) ? readParts(json, at) : readEncoding(json, at);

/** `checkWidths` says which of them can be derived again. */
const readWidths = objectOf<BitWidths>(
  { weights: integer(1), input: integer(1), activations: integer(1) },
  {
    layers: list(objectOf<LayerWidths>({ layer: text }, { weights: integer(1), activations: integer(1) }), 1),
  },
);

const gridKind = literal('declared', 'shown', 'none') satisfies Reader<GridKind>;
const gridKinds = list(gridKind, 1);

const readGrid: Reader<GridKind | readonly GridKind[]> = (json, at) =>
  Array.isArray(json) ? gridKinds(json, at) : gridKind(json, at);

const readQuantization = objectOf<QuantizationRecord>(
  {
    reason: text,
    calibration: objectOf<QuantizationRecord['calibration']>(
      { file: text, sha256: hex, rows: integer(1) },
      { fitted: integer(1) },
    ),
    input: readInput,
    layers: list(
      objectOf<QuantizationRecord['layers'][number]>(
        { layer: text, op: text, scale: real },
        {
          shift: integer(0),
          offset: integer(Number.MIN_SAFE_INTEGER),
          finer: list(tuple(integer(1), integer(0)), 1),
        },
      ),
    ),
  },
  { widths: readWidths, grid: readGrid },
);

const readCost = objectOf<CostRecord>(
  {
    layers: list(objectOf<CostRecord['layers'][number]>({ layer: text, constraints: integer(0) }, {})),
    digest: integer(0),
    constraints: integer(0),
    publicSignals: integer(1),
    domainPower: integer(1),
  },
  {},
);

const statementMembers = { output: literal(...STATED_OUTPUTS), input: literal(...INPUT_MODE_NAMES) };

const outputMembers = {
  decision: objectOf<OutputRecord['decision']>(
    { kind: literal('logits', 'argmax', 'threshold') },
    { threshold: real },
  ),
  head: literal('none', 'sigmoid', 'softmax', 'argmax'),
};

const readOneOutput = objectOf<StatementRecord & OutputRecord>({ ...statementMembers, ...outputMembers }, {});

const readOutputs = readers.record(
  {
    ...statementMembers,
    outputs: list(objectOf<NamedOutputRecord>({ name: text, ...outputMembers }, {}), 2),
  },
  {},
);

const readStatement: Reader<StatementRecord> = (json, at) =>
  asObject(json, at).has('outputs') ? readOutputs(json, at) : readOneOutput(json, at);

const facts = {
  name: text,
  interface: hex,
  /** Names of files in the folder, never paths out of it. */
  files: dictionary(/^[a-z0-9][a-z0-9.-]{0,63}$/, hex, 64),
  statement: readStatement,
  quantization: readQuantization,
  cost: readCost,
};

const MANIFESTS: { readonly [V in ArtifactManifest['version']]: Reader<ArtifactManifest> } = {
  'quietproof/artifact/v1': objectOf<ArtifactManifestV1>(
    { version: literal('quietproof/artifact/v1'), manifest: readManifestV1, ...facts },
    {},
  ),
  'quietproof/artifact/v2': objectOf<ArtifactManifestV2>(
    { version: literal('quietproof/artifact/v2'), manifest: readManifestV2, ...facts },
    {},
  ),
};

const readVersion = literal('quietproof/artifact/v1', 'quietproof/artifact/v2');

/** Reads manifest.json in either version. @throws QuietproofError QP4601, naming the member that is wrong */
export function parseArtifactManifest(source: Uint8Array): ArtifactManifest {
  return unlessRefused(ARTIFACT.manifest, () => {
    const json = parseJson(source, FILE_LIMITS[ARTIFACT.manifest]);
    requireMember(asObject(json, ''), 'version', '');
    return MANIFESTS[readVersion(asObject(json, '').get('version'), 'version')](json, '');
  });
}
