import { type AffineEncoding, categoryEncoding, groupOf, rank32Encoding } from '@quietproof/verify';
import type {
  ArtifactManifest,
  CompiledEncoding,
  QuantizationRecord,
} from '../artifact/artifact-manifest.ts';
import { type LoadedModel, readModelRows } from '../compile/load-model.ts';
import { calibrateOn, partRows, type RowParts } from '../compile/quality/row-parts.ts';
import { knobsOf } from '../compile/search/knobs.ts';
import type { GraphInput } from '../graph/float-graph.ts';
import type { FeatureCoding } from '../integer/integer-graph.ts';
import { type BitWidths, DEFAULT_BITS, uniformWidths } from '../quantize/bit-widths.ts';
import { declaredRanges } from '../quantize/card.ts';
import type { InputEncoding } from '../quantize/input-encoding.ts';
import { type QuantizedModel, quantizer, quantizeWith } from '../quantize/quantize.ts';
import { recordedScales } from '../quantize/recorded-scales.ts';
import type { Claimed } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

export interface QuantizedAgain {
  readonly link: Link;
  /** Missing if the scales cannot be derived; the link says why. */
  readonly model?: QuantizedModel;
  /** The rows that it was calibrated and judged on, where they are known. */
  readonly parts?: RowParts;
}

/** Files of rows that an auditor gives. */
export interface DataFiles {
  /** The calibration rows. */
  readonly calibration?: string | undefined;
  /** The held-out rows, if they are in a file of their own. */
  readonly test?: string | undefined;
}

/** Quantizes with the scales derived from the calibration rows or, without rows, with those in the manifest. */
export async function quantizeAgain(
  loaded: LoadedModel,
  claimed: Claimed,
  data: DataFiles,
): Promise<QuantizedAgain> {
  const widths = widthsOf(loaded, claimed);
  if (widths === undefined) {
    return { link: { link: 'scales', ...whyNoWidths(claimed) } };
  }
  const { calibration } = data;
  if (calibration !== undefined) return fromRows(loaded, claimed, widths, { ...data, calibration });
  if (claimed.artifact !== undefined) return fromManifest(loaded, claimed, widths, claimed.artifact);
  const what = 'a bundle holds no scales: give --calibration, or the artifact folder';
  return { link: { link: 'scales', status: 'missing', what } };
}

async function fromRows(
  loaded: LoadedModel,
  claimed: Claimed,
  widths: BitWidths,
  { calibration: file, test }: DataFiles & { readonly calibration: string },
): Promise<QuantizedAgain> {
  const { graph, card } = loaded;
  const calibration = await readModelRows(file, loaded);
  const recorded = claimed.artifact?.quantization.calibration.sha256;
  if (recorded !== undefined && recorded !== calibration.sha256) {
    const what = 'these are not the rows that it was calibrated on';
    return { link: { link: 'scales', status: 'differs', what } };
  }
  const options = { ...choicesOf(loaded, claimed), declared: declaredRanges(card), ranked: loaded.ranked };
  const isSplit = wasSplit(claimed, test);
  const judging = isSplit || test === undefined ? undefined : await readModelRows(test, loaded);
  // Without the held-out file, all rows calibrate and none is left to judge by.
  const parts = partRows(calibration, isSplit ? undefined : (judging ?? calibration));
  const model = quantizer(graph, calibrateOn(graph, parts), options)(widths);
  const link: Link = { link: 'scales', status: 'same', what: 'derived from the calibration rows' };
  return { model, link, ...((isSplit || judging !== undefined) && { parts }) };
}

/** Whether a part of the calibration file was held out, as without a file of held-out rows. 0.1 held out none. */
function wasSplit({ artifact, modelInterface }: Claimed, test: string | undefined): boolean {
  if (artifact !== undefined) return artifact.quantization.calibration.fitted !== undefined;
  return modelInterface.version !== 'quietproof/interface/v1' && test === undefined;
}

function fromManifest(
  loaded: LoadedModel,
  claimed: Claimed,
  widths: BitWidths,
  artifact: ArtifactManifest,
): QuantizedAgain {
  const { graph } = loaded;
  const layers = artifact.quantization.layers.map(
    ({ layer, scale, ...own }) => [layer, { ...own, scale: Number(scale) }] as const,
  );
  const encoding = encodingOf(artifact.quantization, graph.input);
  const scales = recordedScales(new Map(layers));
  const model = quantizeWith(graph, encoding, scales, widths, choicesOf(loaded, claimed));
  const what = 'taken from the manifest; to derive them, give --calibration';
  const reservation = "its scales are the manifest's, not derived from calibration rows";
  return { model, link: { link: 'scales', status: 'taken', what, reservation } };
}

/** Those in manifest.json or, where there is none, those that are the same in all layers. */
function widthsOf(
  { graph, ranked }: LoadedModel,
  { manifest: { quantization }, artifact }: Claimed,
): BitWidths | undefined {
  const recorded = artifact?.quantization.widths;
  if (recorded !== undefined) return recorded;
  // Of a model without widths, all give the same.
  if (knobsOf(graph, ranked).length === 0) return uniformWidths(DEFAULT_BITS);
  if (!('weightBits' in quantization)) return undefined;
  const { weightBits: weights, inputBits: input, activationBits: activations } = quantization;
  return { weights, input, activations };
}

function whyNoWidths({ manifest: { quantization } }: Claimed): Pick<Link, 'status' | 'what'> {
  if ('kind' in quantization && quantization.kind === 'none')
    return { status: 'differs', what: 'the manifest names no bits, and the model has some' };
  return { status: 'missing', what: 'only an artifact folder holds the bits of each layer: give it' };
}

function choicesOf({ decisions }: LoadedModel, { modelInterface }: Claimed) {
  return { input: modelInterface.input.mode, decisions };
}

function encodingOf(
  { input, grid = 'none' }: QuantizationRecord,
  { count, shape }: GraphInput,
): InputEncoding {
  const parts = 'kind' in input ? [{ count, encoding: input }] : input;
  const coded = parts.flatMap((part) => codingsOf(part, parts.length === 1 ? shape : [part.count]));
  return {
    codings: coded.map(({ max, ...coding }) => coding),
    max: Float64Array.from(coded, ({ max }) => max),
    grid: Array.from({ length: count }, (_, i) => (typeof grid === 'string' ? grid : grid[i]!)),
  };
}

type CodedFeature = FeatureCoding & { readonly max: number };

function codingsOf(
  { count, encoding }: { readonly count: number; readonly encoding: AffineEncoding | CompiledEncoding },
  shape: readonly number[],
): CodedFeature[] {
  if (encoding.kind === 'rank32') {
    const { kind, nan } = encoding;
    return Array.from({ length: count }, () => ({ kind, nan, max: rank32Encoding(nan).max }));
  }
  if (encoding.kind === 'category') {
    const { kind, values, unknown } = encoding;
    const { max } = categoryEncoding(encoding);
    return Array.from({ length: count }, () => ({ kind, values, unknown, max }));
  }
  const axes = 'axes' in encoding ? encoding.axes : shape.map((_, axis) => axis);
  const group = groupOf(shape, axes);
  const own = (value: string | readonly string[], i: number) =>
    Number(typeof value === 'string' ? value : value[group(i)]);
  const { offset, step, max } = encoding;
  const missing = 'nan' in encoding ? { nan: encoding.nan } : {};
  return Array.from({ length: count }, (_, i) => ({
    ...{ kind: 'affine', offset: own(offset, i), step: own(step, i), max: own(max, i), ...missing },
  }));
}
