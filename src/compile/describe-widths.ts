import type { BitWidths } from '../quantize/bit-widths.ts';

/** `8 bits throughout`, `5 to 8-bit weights, 4-bit input, 6-bit activations`. */
export function describeWidths(widths: BitWidths): string {
  const { weights, input, activations } = widthRanges(widths);
  if (weights === input && input === activations && !weights.includes(' ')) return `${input} bits throughout`;
  return `${weights}-bit weights, ${input}-bit input, ${activations}-bit activations`;
}

/** The widths of each part over all layers: `8`, or `5 to 8`. */
export function widthRanges({ weights, input, activations, layers = [] }: BitWidths) {
  const own = (part: 'weights' | 'activations') => layers.flatMap((layer) => layer[part] ?? []);
  return {
    weights: range([weights, ...own('weights')]),
    input: range([input]),
    activations: range([activations, ...own('activations')]),
  };
}

function range(bits: readonly number[]): string {
  const [low, high] = [Math.min(...bits), Math.max(...bits)];
  return low === high ? String(low) : `${low} to ${high}`;
}
