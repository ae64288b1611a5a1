import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import type { QuantizedModel } from '../../../src/quantize/quantize.ts';
import { affineCodings } from '../../support/affine-codings.ts';

/** The largest value of an input; the smallest is the negative of it. */
export const LIMIT = 100;
const STEP = 1 / 64;

/** An integer model whose logits are its inputs, multiples of 1/64 from −100 to 100. */
export function identityModel(count: number): QuantizedModel {
  const all = (value: number) => new Float64Array(count).fill(value);
  const logits = Int32Array.from({ length: count }, (_, id) => id);
  return {
    name: 'identity',
    graph: {
      source: { format: 'onnx', sha256: '0'.repeat(64) },
      input: {
        name: 'x',
        shape: [count],
        count,
        codings: affineCodings(all(-LIMIT), all(STEP)),
        max: all((2 * LIMIT) / STEP),
      },
      // An integer input has an offset, a logit has none.
      nodes: [
        {
          op: 'linear',
          name: 'centre',
          origin: [],
          first: count,
          count,
          scale: STEP,
          blocks: [],
          diagonals: [{ weights: all(1), source: logits }],
          bias: all(-LIMIT / STEP),
        },
      ],
      statement: { output: 'logits', outputs: logits.map((id) => id + count), input: 'public' },
    },
    outputs: [{ logits: logits.map((id) => id + count), scale: STEP }],
    widths: uniformWidths(8),
    ownScales: new Map(),
    inputGrid: Array.from({ length: count }, () => 'none' as const),
  };
}
