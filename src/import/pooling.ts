import { ABSENT, type Block, ZERO } from '../graph/float-graph.ts';
import { checkedWindows } from './convolution.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { byRow } from './rearrange.ts';
import { sizeOf, type TensorView } from './tensor.ts';
import { BEYOND, type WindowSpec } from './windows.ts';

/** Maximum over windows. @param x [rows, channels, …plane] */
export function maxPool(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  window: WindowSpec,
): TensorView {
  if (x.shape[0]! > 1) return byRow(x, (row) => maxPool(builder, node, row, window));
  const [channels, plane] = [x.shape[1]!, x.shape.slice(2)];
  const windows = checkedWindows(builder, node, plane, window, channels);
  const gather = perChannel(x.ids, sizeOf(plane), channels, windows.index, ABSENT);
  for (let w = 0; w < gather.length; w += windows.taps) {
    if (gather.subarray(w, w + windows.taps).every((id) => id === ABSENT)) {
      throw builder.error('QP2110', node, 'a window covers nothing but padding');
    }
  }
  return { shape: [1, channels, ...windows.shape], ids: builder.max(node, windows.taps, gather) };
}

/**
 * Mean over windows, as sums with weight 1 / count; a pass later moves that factor into the next layer.
 *
 * @param x [rows, channels, …plane]
 * @param countPadding count padding as zeros; otherwise ignore it
 */
export function averagePool(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  window: WindowSpec,
  countPadding: boolean,
): TensorView {
  if (x.shape[0]! > 1) return byRow(x, (row) => averagePool(builder, node, row, window, countPadding));
  const [channels, plane] = [x.shape[1]!, x.shape.slice(2)];
  const { index, taps, ...windows } = checkedWindows(builder, node, plane, window, channels);
  const counts = new Int32Array(windows.positions);
  for (let p = 0; p < windows.positions; p += 1) {
    const places = index.subarray(p * taps, (p + 1) * taps);
    counts[p] = places.filter((place) => (countPadding ? place !== BEYOND : place >= 0)).length;
    if (counts[p] === 0) throw builder.error('QP2110', node, 'a window covers nothing but padding');
  }
  const gather = perChannel(x.ids, sizeOf(plane), channels, index, ZERO);
  const ids = means(builder, node, taps, gather, (position) => counts[position % windows.positions]!);
  return { shape: [1, channels, ...windows.shape], ids };
}

/** Mean, sum or maximum over some axes, which keep size 1 in the result. */
export function reduceAxes(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
  kind: 'mean' | 'sum' | 'max',
): TensorView {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const positions = sizeOf(shape);
  const taps = x.ids.length / positions;
  if (taps === 1) return { shape, ids: x.ids };
  const gather = gatherReduced(x, shape, taps);
  if (kind === 'max') return { shape, ids: builder.max(node, taps, gather) };
  return { shape, ids: means(builder, node, taps, gather, () => (kind === 'mean' ? taps : 1)) };
}

/** The product over axes, in pairs of pairs: as few products after one another as possible. */
export function productOver(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const positions = sizeOf(shape);
  const taps = x.ids.length / positions;
  const gather = gatherReduced(x, shape, taps);
  let factors = Array.from({ length: taps }, (_, tap): TensorView => {
    return { shape, ids: Int32Array.from({ length: positions }, (__, i) => gather[i * taps + tap]!) };
  });
  while (factors.length > 1) {
    factors = factors.flatMap((left, k) => {
      const right = factors[k + 1];
      if (k % 2 === 1) return [];
      return right === undefined ? [left] : [builder.binary(node, 'product', left, right)];
    });
  }
  return factors[0]!;
}

/** The taps of every output position: the elements that are reduced to it. */
function gatherReduced(x: TensorView, shape: readonly number[], taps: number): Int32Array {
  const gather = new Int32Array(x.ids.length);
  const filled = new Int32Array(x.ids.length / taps);
  const place = new Array<number>(shape.length).fill(0);
  for (const id of x.ids) {
    let position = 0;
    for (let axis = 0; axis < shape.length; axis += 1) {
      position = position * shape[axis]! + (shape[axis] === 1 ? 0 : place[axis]!);
    }
    gather[position * taps + filled[position]!] = id;
    filled[position]! += 1;
    advance(place, x.shape);
  }
  return gather;
}

/** Moves a multi-index to the next element in row-major order. */
function advance(place: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    place[axis]! += 1;
    if (place[axis] !== shape[axis]) return;
    place[axis] = 0;
  }
}

/** Applies the same windows to every channel. */
function perChannel(
  ids: Int32Array,
  plane: number,
  channels: number,
  index: Int32Array,
  padding: number,
): Int32Array {
  const gather = new Int32Array(channels * index.length);
  for (let c = 0; c < channels; c += 1) {
    for (let i = 0; i < index.length; i += 1) {
      gather[c * index.length + i] = index[i]! < 0 ? padding : ids[c * plane + index[i]!]!;
    }
  }
  return gather;
}

/** Adds one block for each distinct divisor. Returns the ids in the order of the positions. */
function means(
  builder: GraphBuilder,
  node: NodeInfo,
  taps: number,
  gather: Int32Array,
  divisor: (position: number) => number,
): Int32Array {
  const groups = new Map<number, number[]>();
  for (let p = 0; p < gather.length / taps; p += 1) {
    const group = groups.get(divisor(p));
    if (group === undefined) groups.set(divisor(p), [p]);
    else group.push(p);
  }
  const blocks: Block[] = [...groups].map(([count, members]) => ({
    rows: 1,
    positions: members.length,
    taps,
    weights: new Float64Array(taps).fill(1 / count),
    gather: Int32Array.from({ length: members.length * taps }, (_, i) => {
      return gather[members[Math.floor(i / taps)]! * taps + (i % taps)]!;
    }),
  }));
  const outputs = builder.linear(node, { blocks, bias: new Float64Array(gather.length / taps) });
  const ids = new Int32Array(outputs.length);
  let at = 0;
  for (const members of groups.values()) {
    for (const position of members) {
      ids[position] = outputs[at]!;
      at += 1;
    }
  }
  return ids;
}
