import { roundV2 as nearest } from '@quietproof/verify';
import { type SelectNode, ZERO } from '../../graph/float-graph.ts';
import { valuesOf } from '../../graph/use.ts';
import type { IntegerLinear, Requantize, Select } from '../../integer/integer-graph.ts';
import { type LoweringContext, largestOf } from './context.ts';
import type { NodeLowering } from './node-lowering.ts';

/** Chooses between integers of one scale. */
export const select: NodeLowering<SelectNode> = {
  searched: 'none',

  tie({ first, condition, whenTrue, whenFalse }, sets) {
    sets.tie(condition);
    whenTrue.forEach((id, i) => {
      sets.tie([first + i, id, whenFalse[i]!]);
    });
  },

  tieAgain: () => false,

  /** Each branch is used as the choice is. */
  noteUse({ first, condition, whenTrue, whenFalse }, note, { isRounded, passed }) {
    for (const id of condition) note(id, 0, Infinity);
    for (const ids of [whenTrue, whenFalse]) {
      ids.forEach((id, i) => {
        note(id, isRounded[first + i]!, passed[first + i]!);
      });
    }
  },

  costOfFiner: (_, reads) => reads,

  lower(node, context) {
    const { values } = context;
    const isFixed = (i: number) => node.condition[i]! < 0 || values.isConstant(node.condition[i]!);
    const places = Array.from(node.condition.keys());
    const open = places.filter((i) => !isFixed(i));
    const isSame = (id: number) => id < 0 || values.isConstant(id);
    const isReplaced = (i: number) =>
      isSame(node.whenTrue[i]!) && !isSame(node.whenFalse[i]!) && context.isInput(node.whenFalse[i]!);
    const free = open.filter((i) => !isReplaced(i));
    if (free.length > 0) choose(node, free, context);
    const replaced = open.filter(isReplaced);
    if (replaced.length > 0) replace(node, replaced, context);
    const fixed = places.filter(isFixed);
    if (fixed.length > 0) pass(node, fixed, context);
  },
};

function choose(node: SelectNode, places: readonly number[], context: LoweringContext): void {
  const { name, origin } = node;
  const count = places.length;
  const pickFrom = (ids: Int32Array) => Int32Array.from(places, (i) => ids[i]!);
  const branches = Int32Array.of(...pickFrom(node.whenTrue), ...pickFrom(node.whenFalse));
  const { weights } = context.widthsOf(name);
  const { ids, scales } = context.align(branches, `${name}/aligned`, weights);
  const own = Float64Array.from(places, (_, k) => largestOf(Float64Array.of(scales[k]!, scales[k + count]!)));
  const { first } = context.push<Select>(
    {
      ...{ op: 'select', name, origin, count },
      condition: conditions(node, pickFrom(node.condition), context),
      whenTrue: ids.slice(0, count),
      whenFalse: ids.slice(count),
    },
    own,
  );
  places.forEach((i, k) => {
    context.map(node.first + i, first + k, own[k]!);
  });
}

/** The constant that replaces a value is this many bits finer than weights are. */
const EXTRA_BITS = 2;

/**
 * Constants or inputs, each in the steps of its input, or those divided by a power of two where they are too coarse for the
 * constant. So the input itself is not rounded again.
 */
function replace(node: SelectNode, places: readonly number[], context: LoweringContext): void {
  const { hi } = context.bounds();
  const levels = 2 ** (context.widthsOf(node.name).weights + EXTRA_BITS);
  for (const i of places) {
    const largest = hi[context.values.integerId(node.whenFalse[i]!)]!;
    let factor = 1;
    while (largest * factor < levels) factor *= 2;
    replaceOne(node, i, factor, context);
  }
}

function replaceOne(node: SelectNode, i: number, factor: number, context: LoweringContext): void {
  const { values } = context;
  const [constant, value] = [node.whenTrue[i]!, node.whenFalse[i]!];
  const [scale, offset] = [values.scale(value) / factor, values.offset(value)];
  const name = node.count === 1 ? node.name : `${node.name}/${i}`;
  const { first } = context.push<IntegerLinear>(
    {
      ...{ op: 'linear', name: `${name}/aligned`, origin: [], count: 2, blocks: [] },
      diagonals: [
        { weights: Float64Array.of(0, factor), source: Int32Array.of(ZERO, values.integerId(value)) },
      ],
      bias: Float64Array.of(nearest((values.offset(constant) - offset) / scale), 0),
    },
    Float64Array.of(scale, scale),
  );
  const choice = context.push<Select>(
    {
      ...{ op: 'select', name, origin: node.origin, count: 1 },
      condition: conditions(node, Int32Array.of(node.condition[i]!), context),
      ...{ whenTrue: Int32Array.of(first), whenFalse: Int32Array.of(first + 1) },
    },
    Float64Array.of(scale),
  );
  const largest = context.source.magnitude(node.first + i, { scale, offset });
  values.set(node.first + i, { integerId: choice.first, scale, offset, largest });
}

/** Ids of the integers 1 and 0; a condition in finer steps is shifted to them, which is exact. */
function conditions({ name }: SelectNode, floatIds: Int32Array, context: LoweringContext): Int32Array {
  const { values } = context;
  const fine = floatIds.reduce((most, id) => Math.max(most, powersBelowOne(values.scale(id))), 0);
  if (fine === 0) return values.integerIds(floatIds);
  const { ids } = context.align(floatIds, `${name}/condition/aligned`, context.widthsOf(name).weights);
  const activation = { kind: 'clamp', low: 0, high: null } as const;
  const { first, count } = context.push<Requantize>(
    {
      ...{ op: 'requantize', name: `${name}/condition`, origin: [], count: floatIds.length },
      ...{ shift: fine, activation, source: ids },
    },
    new Float64Array(floatIds.length).fill(1),
  );
  return valuesOf({ first, count });
}

function powersBelowOne(scale: number): number {
  let powers = 0;
  for (let own = scale; own < 1; own *= 2) powers += 1;
  return powers;
}

/** A condition that is the same for every input leaves one branch. */
function pass(node: SelectNode, places: readonly number[], context: LoweringContext): void {
  const { values } = context;
  const chosen = places.map(
    (i) => (values.offset(node.condition[i]!) >= 0.5 ? node.whenTrue : node.whenFalse)[i]!,
  );
  const open: number[] = [];
  places.forEach((i, k) => {
    const id = chosen[k]!;
    if (id < 0 || values.isConstant(id)) values.setConstant(node.first + i, values.offset(id));
    else open.push(k);
  });
  if (open.length === 0) return;
  const source = Int32Array.from(open, (k) => chosen[k]!);
  const { weights } = context.widthsOf(node.name);
  const part = { name: `${node.name}/chosen`, origin: node.origin, count: open.length, blocks: [] };
  const { ids, scales } = context.linear(
    {
      ...part,
      diagonals: [{ weights: new Float64Array(open.length).fill(1), source }],
      bias: new Float64Array(open.length),
    },
    Int32Array.from(open, (k) => node.first + places[k]!),
    weights,
  );
  open.forEach((k, at) => {
    context.map(node.first + places[k]!, ids[at]!, scales[at]!);
  });
}
