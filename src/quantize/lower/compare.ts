import type { CompareNode } from '../../graph/float-graph.ts';
import { EXACT_LIMIT } from '../../integer/bounds.ts';
import type { Compare } from '../../integer/integer-graph.ts';
import type { LoweringContext } from './context.ts';
import type { NodeLowering } from './node-lowering.ts';

/** A number this close to a whole one counts as that: it is a quotient of reals that are rounded to doubles. */
const WHOLE = 1e-9;

/** Compares integers of one scale; a constant joins the offset. */
export const compare: NodeLowering<CompareNode> = {
  searched: 'none',

  tie({ left, right }, sets) {
    left.forEach((id, i) => {
      sets.tie([id, right[i]!]);
    });
  },

  tieAgain: () => false,

  noteUse({ left, right }, note) {
    for (const id of left) note(id, 0, Infinity);
    for (const id of right) note(id, 0, Infinity);
  },

  costOfFiner: (_, reads) => reads,

  lower(node, context) {
    const { name, origin, first } = node;
    const { values } = context;
    const isConstant = (id: number) => id < 0 || values.isConstant(id);
    const open: number[] = [];
    node.left.forEach((id, i) => {
      const other = node.right[i]!;
      if (!isConstant(id) || !isConstant(other)) open.push(i);
      else values.setConstant(first + i, values.offset(id) >= values.offset(other) ? 1 : 0);
    });
    if (open.length === 0) return;
    const operandOf = operands(node, open, context);
    const pairs = open.map((i) => [operandOf(node.left[i]!), operandOf(node.right[i]!)] as const);
    const scales = new Float64Array(open.length).fill(1);
    const placed = context.push<Compare>(
      {
        ...{ op: 'compare', name, origin, count: open.length },
        left: Int32Array.from(pairs, ([left]) => left.id),
        right: Int32Array.from(pairs, ([, right]) => right.id),
        offset: Float64Array.from(pairs, ([left, right]) => {
          return wholeSteps((left.offset - right.offset) / (left.scale || right.scale));
        }),
      },
      scales,
    );
    open.forEach((i, k) => {
      context.map(first + i, placed.first + k, 1);
    });
  },
};

/** real = offset + scale · integer; a constant is ZERO with an offset and the scale 0. */
interface Operand {
  readonly id: number;
  readonly scale: number;
  readonly offset: number;
}

/** The operands as they are if each pair has one scale, else aligned. */
function operands(
  node: CompareNode,
  open: readonly number[],
  context: LoweringContext,
): (id: number) => Operand {
  const { values } = context;
  const plain = (id: number) => ({
    id: values.integerId(id),
    scale: values.scale(id),
    offset: values.offset(id),
  });
  const haveOneScale = open.every((i) => {
    const [left, right] = [values.scale(node.left[i]!), values.scale(node.right[i]!)];
    return left === 0 || right === 0 || left === right;
  });
  if (haveOneScale) return plain;
  const both = open.flatMap((i) => [node.left[i]!, node.right[i]!]);
  const variable = Int32Array.from(new Set(both.filter((id) => values.scale(id) !== 0)));
  const { ids, scales } = context.align(
    variable,
    `${node.name}/aligned`,
    context.widthsOf(node.name).weights,
  );
  const place = new Map(Array.from(variable, (id, k) => [id, k]));
  return (id) => {
    const k = place.get(id);
    return k === undefined ? plain(id) : { id: ids[k]!, scale: scales[k]!, offset: 0 };
  };
}

/**
 * left ≥ right + c of integers holds exactly where it holds for the next whole number. A constant beyond all integers of
 * the graph decides, and so does one that is cut to half of their range.
 */
function wholeSteps(steps: number): number {
  const nearest = Math.floor(steps + 0.5);
  const whole = Math.abs(steps - nearest) <= WHOLE ? nearest : Math.floor(steps);
  return Math.min(Math.max(whole, -EXACT_LIMIT / 2), EXACT_LIMIT / 2);
}
