import { readFile } from 'node:fs/promises';
import type { AccuracyClaim, ManifestV2, SoundnessClaim } from '@quietproof/verify';
import type {
  ArtifactManifestV2,
  NamedOutputRecord,
  OutputRecord,
  QuantizationRecord,
  StatementRecord,
} from '../artifact/artifact-manifest.ts';
import { costRecord } from '../artifact/cost-record.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { circomVersion } from '../circuit/circom/circom-compiler.ts';
import type { CircuitCost } from '../circuit/circuit-cost.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';
import type { BitWidths } from '../quantize/bit-widths.ts';
import type { Decision } from '../quantize/decision.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { finerRuns } from '../quantize/recorded-scales.ts';
import { codedParts } from './input-parts.ts';
import type { LoadedModel } from './load-model.ts';
import type { Comparison } from './quality/compare.ts';
import type { RowParts } from './quality/row-parts.ts';
import { knobsOf } from './search/knobs.ts';

export interface ManifestParts {
  readonly loaded: LoadedModel;
  readonly quantized: QuantizedModel;
  readonly reason: string;
  readonly selection: 'auto' | 'given';
  readonly cost: CircuitCost;
  readonly parts: RowParts;
  /** On the held-out rows; missing where there are none. */
  readonly comparison: Comparison | undefined;
  /** sha256 of every file written, by name. */
  readonly digests: Readonly<Record<string, string>>;
  /** Digest of the circom text and the templates that it includes. */
  readonly circomDigest: string;
  readonly circuitId: string;
  readonly soundness: SoundnessClaim;
}

/** Collects everything that was decided and derived in one record. The same inputs give the same bytes. */
export async function artifactManifest(parts: ManifestParts): Promise<ArtifactManifestV2> {
  const { loaded, quantized, cost, digests } = parts;
  const { [ARTIFACT.interface]: interfaceDigest, ...files } = digests;
  return {
    version: 'quietproof/artifact/v2',
    name: loaded.graph.name,
    manifest: await travellingManifest(parts),
    interface: interfaceDigest!,
    files,
    statement: statementRecord(quantized.graph, loaded),
    quantization: {
      reason: parts.reason,
      widths: quantized.widths,
      calibration: calibrationRecord(parts.parts),
      input: inputRecord(quantized.graph.input),
      grid: gridRecord(quantized),
      layers: layerRecords(quantized),
    },
    cost: costRecord(cost),
  };
}

function calibrationRecord({ calibration, fitted }: RowParts): QuantizationRecord['calibration'] {
  const { source, sha256, rows } = calibration;
  const all = { file: source, sha256, rows: rows.length };
  return fitted.length === rows.length ? all : { ...all, fitted: fitted.length };
}

/** As the interface has them; with the number of features of each if there are several. */
function inputRecord(input: IntegerGraph['input']): QuantizationRecord['input'] {
  const parts = codedParts(input).map(({ count, encoding }) => ({ count, encoding }));
  return parts.length === 1 ? parts[0]!.encoding : parts;
}

/** What a proof says, as the manifest records it. */
export function statementRecord(
  { statement }: IntegerGraph,
  { decisions, graph }: LoadedModel,
): StatementRecord {
  const { output, input } = statement;
  const records = graph.outputs.map(({ name, head }, k) => {
    return { name, decision: decisionRecord(decisions[k]!), head };
  });
  const [{ decision, head }, ...others] = records as [NamedOutputRecord, ...NamedOutputRecord[]];
  return { output, input, ...(others.length === 0 ? { decision, head } : { outputs: records }) };
}

/** The scale of every layer, how those of its values differ from it, and its shift where it requantizes. */
export function layerRecords({ graph, ownScales }: QuantizedModel): QuantizationRecord['layers'] {
  return graph.nodes.map((node) => {
    const own = ownScales.get(node.name);
    return {
      layer: node.name,
      op: node.op,
      scale: String(node.scale),
      ...(own !== undefined && { finer: finerRuns(own) }),
      ...primitiveOf(node).calibrated(node),
    };
  });
}

/** Whether the features have only the values that they are encoded with. */
export function gridRecord({ inputGrid }: QuantizedModel): NonNullable<QuantizationRecord['grid']> {
  return inputGrid.every((kind) => kind === inputGrid[0]) ? inputGrid[0]! : inputGrid;
}

function decisionRecord(decision: Decision): OutputRecord['decision'] {
  switch (decision.kind) {
    case 'threshold':
      return { kind: decision.kind, threshold: String(decision.threshold) };
    case 'logits':
    case 'argmax':
      return { kind: decision.kind };
  }
}

async function travellingManifest(parts: ManifestParts): Promise<ManifestV2> {
  const { loaded, quantized, digests, comparison, cost } = parts;
  const { format, file, producer, sha256 } = loaded.graph.source;
  const versions = await circomVersion();
  const accuracy = accuracyClaim(comparison);
  return {
    version: 'quietproof/manifest/v2',
    source: { format, file, ...(producer !== undefined && { producer }) },
    chain: {
      source: sha256,
      integerGraph: digests[ARTIFACT.integerGraph]!,
      circom: parts.circomDigest,
      circuit: parts.circuitId,
    },
    bounds: digests[ARTIFACT.bounds]!,
    accuracy: digests[ARTIFACT.accuracy]!,
    quantization: widthsSummary(loaded, quantized.widths, parts.selection),
    constraints: cost.constraints,
    tools: {
      quietproof: await ownVersion(),
      circom: versions.circom,
      circom2: versions.package.split('@')[1]!,
    },
    claims: {
      ...(accuracy !== undefined && { accuracy }),
      soundness: parts.soundness,
    },
  };
}

/** What every proof says of the widths; those of single layers are only in manifest.json. */
export function widthsSummary(
  { graph, ranked }: Pick<LoadedModel, 'graph' | 'ranked'>,
  { weights, input, activations, layers = [] }: BitWidths,
  selection: 'auto' | 'given',
): ManifestV2['quantization'] {
  if (knobsOf(graph, ranked).length === 0) return { kind: 'none' };
  if (layers.length > 0) return { kind: 'per-layer', selection };
  return { kind: 'uniform', weightBits: weights, inputBits: input, activationBits: activations, selection };
}

/** A model without labels has no flips to claim. */
export function accuracyClaim(comparison: Comparison | undefined): AccuracyClaim | undefined {
  if (comparison?.flips === undefined) return undefined;
  const { rows, flips, floatAccuracy, integerAccuracy } = comparison;
  return {
    rows,
    labelFlips: flips.count,
    ...(floatAccuracy !== undefined && { floatAccuracy: String(floatAccuracy) }),
    ...(integerAccuracy !== undefined && { integerAccuracy: String(integerAccuracy) }),
  };
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
