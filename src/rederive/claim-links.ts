import { fileJson, type Quality } from '@quietproof/verify';
import type { ArtifactManifest } from '../artifact/artifact-manifest.ts';
import { costRecord } from '../artifact/cost-record.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { circuitCost } from '../circuit/circuit-cost.ts';
import type { DerivedCircuit } from '../circuit/derive-circuit.ts';
import { encodeWitnessPlan } from '../circuit/witness-calculator.ts';
import { planWitness } from '../circuit/witness-plan.ts';
import { gridRecord, layerRecords, statementRecord, widthsSummary } from '../compile/assemble-manifest.ts';
import type { LoadedModel } from '../compile/load-model.ts';
import { sha256 } from '../data/sha256.ts';
import type { R1cs } from '../formats/r1cs.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { differencesIn, plain } from './differences.ts';
import type { Claimed } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

/** Everything that was derived again, to compare claims with. */
export interface Derived {
  readonly loaded: LoadedModel;
  readonly model: QuantizedModel;
  readonly circuit: DerivedCircuit;
  readonly r1cs: R1cs;
  readonly sym: string;
  /** sha256 of an artifact's files, by name. */
  readonly digests: Readonly<Record<string, string>>;
  /** Whether the scales, and so the bit widths, were derived from calibration rows. */
  readonly calibrated: boolean;
  /** Whether the quality was measured again. */
  readonly measured: boolean;
}

/** Claims of a manifest outside the chain: measured again if possible, otherwise listed as not checked. */
export function claimLinks(claimed: Claimed, derived: Derived): Link[] {
  const { manifest, artifact } = claimed;
  const { r1cs, loaded } = derived;
  const { format, producer } = loaded.graph.source;
  const links = [
    compared('source format', manifest.source.format, format),
    compared('source producer', manifest.source.producer, producer),
    compared('constraints', manifest.constraints, r1cs.nConstraints),
    ...(artifact === undefined ? [] : artifactLinks(artifact, claimed, derived)),
  ];
  const wrong = links.filter(({ status }) => status === 'differs');
  const bits = derived.calibrated ? 'bits' : 'bits of weights';
  const what = [...links.map(({ link }) => link), bits].join(', ');
  const same: Link = { link: 'claims', status: 'same', what: `measured again: ${what}` };
  return [...(wrong.length > 0 ? wrong : [same]), ...openClaims(claimed, derived)];
}

function artifactLinks(artifact: ArtifactManifest, claimed: Claimed, derived: Derived): Link[] {
  const { loaded, model, circuit, r1cs } = derived;
  const { graph } = circuit;
  const { interfaceText, quality } = claimed;
  const cost = costRecord({ ...circuitCost(graph, circuit.plan), constraints: r1cs.nConstraints });
  return [
    compared('statement', artifact.statement, statementRecord(graph, loaded)),
    ...summaryLinks(artifact, loaded),
    ...(artifact.quantization.grid === undefined
      ? []
      : [compared('input grid', artifact.quantization.grid, gridRecord(model))]),
    compared('layers', artifact.quantization.layers, layerRecords(model)),
    compared('cost', artifact.cost, cost),
    compared(ARTIFACT.interface, artifact.interface, sha256(interfaceText)),
    ...(quality === undefined
      ? []
      : [compared(ARTIFACT.quality, artifact.files[ARTIFACT.quality], sha256(fileJson(quality)))]),
    ...fileLinks(artifact, derived),
  ];
}

/** What the travelling manifest says of the widths that the artifact records. */
function summaryLinks(
  { manifest: { quantization }, quantization: { widths } }: ArtifactManifest,
  loaded: LoadedModel,
): Link[] {
  if (widths === undefined) return [];
  const selection = 'selection' in quantization ? quantization.selection : 'auto';
  return [compared('bits', quantization, widthsSummary(loaded, widths, selection))];
}

/** Files that follow from the chain. The reports on accuracy and soundness do not. */
function fileLinks({ files }: ArtifactManifest, { circuit, r1cs, sym, digests }: Derived): Link[] {
  const plan = encodeWitnessPlan(planWitness(circuit.sources, sym, r1cs.nWires));
  const all = { ...digests, [ARTIFACT.sym]: sha256(sym), [ARTIFACT.witnessPlan]: sha256(plan) };
  return Object.entries(all).map(([name, digest]) => compared(name, files[name], digest));
}

function compared(link: string, claimed: unknown, derived: unknown): Link {
  const what = differencesIn(claimed, derived);
  return what === '' ? { link, status: 'same', what: 'measured again' } : { link, status: 'differs', what };
}

/** Claims that are not checked here. */
function openClaims({ manifest, artifact, quality }: Claimed, derived: Derived): Link[] {
  const { claims = {}, tools, quantization } = manifest;
  const { accuracy, soundness } = claims;
  const listed = [
    accuracy && !derived.measured && `accuracy (${accuracy.rows} rows, ${accuracy.labelFlips} labels differ)`,
    quality && !derived.measured && `quality (${qualityWords(quality)})`,
    soundness?.record && 'the soundness record (soundness was proved again)',
    `tool versions (${Object.entries(tools)
      .map((pair) => pair.join(' '))
      .join(', ')})`,
    'selection' in quantization && `the choice of bits (${quantization.selection})`,
    !derived.calibrated && 'the bits of input and activations',
    `the source file's name (${manifest.source.file})`,
    artifact && "the calibration file's name and rows",
    claims.producer !== undefined && `producer (${claims.producer})`,
    claims.date !== undefined && `date (${claims.date})`,
    claims.note !== undefined && 'a note',
  ].filter((claim) => typeof claim === 'string');
  const what = plain(`claimed by the producer: ${listed.join(', ')}`);
  return [{ link: 'other claims', status: 'unchecked', what, reservation: 'other claims are not checked' }];
}

function qualityWords({ kind, rows }: Quality): string {
  return `${kind.replaceAll('-', ' ')}, ${rows} rows`;
}
