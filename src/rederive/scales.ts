import { groupOf } from '@quietproof/verify';
import type { ArtifactManifest, QuantizationRecord } from '../artifact/artifact-manifest.ts';
import { type LoadedModel, readModelRows } from '../compile/load-model.ts';
import type { GraphInput } from '../graph/float-graph.ts';
import type { BitWidths } from '../quantize/bit-widths.ts';
import { calibrate } from '../quantize/calibrate.ts';
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
}

/** Quantizes with the scales derived from the calibration rows or, without rows, with those in the manifest. */
export async function quantizeAgain(
  loaded: LoadedModel,
  claimed: Claimed,
  calibration: string | undefined,
): Promise<QuantizedAgain> {
  const widths = widthsOf(claimed);
  if (widths === undefined) {
    return { link: { link: 'scales', ...whyNoWidths(claimed) } };
  }
  if (calibration !== undefined) return fromRows(loaded, claimed, widths, calibration);
  if (claimed.artifact !== undefined) return fromManifest(loaded, claimed, widths, claimed.artifact);
  const what = 'a bundle holds no scales: give --calibration, or the artifact folder';
  return { link: { link: 'scales', status: 'missing', what } };
}

async function fromRows(
  loaded: LoadedModel,
  claimed: Claimed,
  widths: BitWidths,
  file: string,
): Promise<QuantizedAgain> {
  const { graph, card } = loaded;
  const { rows, sha256 } = await readModelRows(file, graph, card);
  const recorded = claimed.artifact?.quantization.calibration.sha256;
  if (recorded !== undefined && recorded !== sha256) {
    const what = 'these are not the rows that it was calibrated on';
    return { link: { link: 'scales', status: 'differs', what } };
  }
  const options = { ...choicesOf(loaded, claimed), declared: declaredRanges(card) };
  const model = quantizer(graph, calibrate(graph, rows), options)(widths);
  return { model, link: { link: 'scales', status: 'same', what: 'derived from the calibration rows' } };
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
function widthsOf({ manifest: { quantization }, artifact }: Claimed): BitWidths | undefined {
  const recorded = artifact?.quantization.widths;
  if (recorded !== undefined) return recorded;
  if (!('weightBits' in quantization)) return undefined;
  const { weightBits: weights, inputBits: input, activationBits: activations } = quantization;
  return { weights, input, activations };
}

function whyNoWidths({ manifest: { quantization } }: Claimed): Pick<Link, 'status' | 'what'> {
  if ('kind' in quantization && quantization.kind === 'none')
    return { status: 'differs', what: 'the manifest names no bits: no model is compiled without' };
  return { status: 'missing', what: 'only an artifact folder holds the bits of each layer: give it' };
}

function choicesOf({ decision }: LoadedModel, { modelInterface }: Claimed) {
  return { input: modelInterface.input.mode, decision };
}

function encodingOf(
  { input, grid = 'none' }: QuantizationRecord,
  { count, shape }: GraphInput,
): InputEncoding {
  const axes = 'axes' in input ? input.axes : shape.map((_, axis) => axis);
  const group = groupOf(shape, axes);
  const spread = (value: string | readonly string[]) =>
    Float64Array.from({ length: count }, (_, i) =>
      Number(typeof value === 'string' ? value : value[group(i)]),
    );
  return {
    ...{ offset: spread(input.offset), step: spread(input.step), max: spread(input.max) },
    grid: Array.from({ length: count }, (_, i) => (typeof grid === 'string' ? grid : grid[i]!)),
  };
}
