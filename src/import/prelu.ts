import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import type { TensorView } from './tensor.ts';

/** With more slopes than this, a node for each of them makes larger circuits than two rectified values do. */
const MOST_NODES = 64;

/**
 * x where it is positive, else its slope times x. Slopes from 0 to 1 are leaky ReLUs, one node for each slope; any others
 * are ReLU(x) − slope · ReLU(−x), which rounds twice as many values.
 *
 * @param slopes one per element of `x`
 */
export function prelu(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  slopes: Float64Array,
): TensorView {
  const bySlope = new Map<number, number[]>();
  slopes.forEach((slope, i) => {
    const members = bySlope.get(slope);
    if (members === undefined) bySlope.set(slope, [i]);
    else members.push(i);
  });
  if (bySlope.size > MOST_NODES || slopes.some((slope) => slope < 0 || slope > 1)) {
    return twoSided(builder, node, x, slopes);
  }
  const ids = new Int32Array(x.ids.length);
  for (const [alpha, members] of bySlope) {
    const own = Int32Array.from(members, (i) => x.ids[i]!);
    const view = { shape: [own.length], ids: own };
    const leaky = builder.activation(node, view, { kind: 'leaky-relu', alpha });
    members.forEach((i, k) => {
      ids[i] = leaky.ids[k]!;
    });
  }
  return { shape: x.shape, ids };
}

function twoSided(builder: GraphBuilder, node: NodeInfo, x: TensorView, slopes: Float64Array): TensorView {
  const minus = { shape: [], data: Float64Array.of(-1) };
  const above = builder.activation(node, x, { kind: 'relu' });
  const below = builder.activation(node, builder.affine(node, x, minus), { kind: 'relu' });
  const bias = new Float64Array(slopes.length);
  const diagonals = [
    { weights: new Float64Array(slopes.length).fill(1), source: above.ids },
    { weights: slopes.map((slope) => 0 - slope), source: below.ids },
  ];
  return { shape: x.shape, ids: builder.linear(node, { diagonals, bias }) };
}
