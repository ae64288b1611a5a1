import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * Widths in bits, NARROWEST_BITS to WIDEST_BITS each. They set the rounding error; overflow is excluded by bounds.
 *
 * Plain data: manifest.json holds it as it is, and the integer graph follows from it, the model file and the scales.
 */
export interface BitWidths {
  /** Signed weights: |w| ≤ 2^(weights−1) − 1 on the value of a layer's sum with the widest range. */
  readonly weights: number;
  /** Unsigned input values: 0 to 2^input − 1. */
  readonly input: number;
  /** Activations on the calibration rows; their proved ranges may be wider. */
  readonly activations: number;
  /** Layers with widths of their own, each at most once; missing if there are none. */
  readonly layers?: readonly LayerWidths[];
}

/** Widths of one layer in place of those of all layers. */
export interface LayerWidths {
  /**
   * The name of a node of the simplified float graph (`FloatNode.name`). It is unique in the graph and comes from the
   * model file: the name of an ONNX node (its operator where it has none) or of a TensorFlow.js layer, and `#2` … after
   * it where that name was taken. `inspect`, cost tables, bounds.json and error messages print the same name. Steps that
   * quantization adds have no widths of their own: `<name>/aligned` has those of its layer, the alignment of the outputs
   * those of all layers.
   */
  readonly layer: string;
  /** For a linear layer. A max or an activation only has weights if its operands must be brought to one scale. */
  readonly weights?: number;
  /** For an activation: the bits of the values that it yields. */
  readonly activations?: number;
}

export const WIDEST_BITS = 16;
export const NARROWEST_BITS = 3;
/** Artifacts of 0.1 may have two bits. */
const NARROWEST_RECORDED_BITS = 2;
/** The widths without a search. */
export const DEFAULT_BITS = 8;
export function uniformWidths(bits: number): BitWidths {
  return { weights: bits, input: bits, activations: bits };
}

/** The widths of one layer: its own where it has some, else those of all layers. */
export function widthsOfLayer(
  widths: BitWidths,
  layer: string,
): { readonly weights: number; readonly activations: number } {
  const own = widths.layers?.find((entry) => entry.layer === layer);
  return { weights: own?.weights ?? widths.weights, activations: own?.activations ?? widths.activations };
}

/** Widths with those of one layer changed. @param own members that are missing stay as they are */
export function withLayerWidths(widths: BitWidths, own: LayerWidths): BitWidths {
  const before = widths.layers?.find(({ layer }) => layer === own.layer);
  const others = widths.layers?.filter(({ layer }) => layer !== own.layer) ?? [];
  return { ...widths, layers: [...others, { ...before, ...own }] };
}

/** Whether somebody may ask for a width. */
export function isWidth(bits: number): boolean {
  return Number.isInteger(bits) && bits >= NARROWEST_BITS && bits <= WIDEST_BITS;
}

/**
 * Checks widths before they are used: a manifest may claim anything.
 *
 * @param layers the names of the graph's nodes
 * @throws QuietproofError QP3006 (a width out of range), QP3015 (a layer that is not there, or twice)
 */
export function checkWidths(widths: BitWidths, layers: readonly string[]): void {
  const { weights, input, activations, layers: own = [] } = widths;
  for (const bits of [weights, input, activations, ...own.flatMap((o) => [o.weights, o.activations])]) {
    if (bits !== undefined && !isWidth(bits) && bits !== NARROWEST_RECORDED_BITS) {
      throw new QuietproofError('QP3006', { where: `${bits} bits` });
    }
  }
  const known = new Set(layers);
  for (const { layer } of own) {
    if (!known.delete(layer)) throw new QuietproofError('QP3015', { where: `layer "${layer}"` });
  }
}

/**
 * Whether an error only says that a model cannot be quantized at these widths, so that a search goes on with others:
 * numbers that are too large (QP3001) or too coarse (QP3009, QP3030).
 */
export function isWidthRefusal(error: unknown): boolean {
  return error instanceof QuietproofError && WIDTH_REFUSALS.has(error.code);
}

const WIDTH_REFUSALS: ReadonlySet<string> = new Set(['QP3001', 'QP3009', 'QP3030']);
