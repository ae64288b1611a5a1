import { pseudoRandom } from '../../../src/data/pseudo-random.ts';
import { ZERO } from '../../../src/graph/float-graph.ts';
import type { IntegerGraph } from '../../../src/integer/integer-graph.ts';
import { GraphMaker, integerBetween, RELU } from './graphs.ts';

type Pick = <T>(values: readonly T[]) => T;

/** Ids of values of each kind that a primitive may read. */
interface Known {
  readonly values: number[];
  /** 0 or 1. */
  readonly conditions: number[];
  /** At least 1. */
  readonly divisors: number[];
}

/**
 * Small graphs in which values repeat each other, are constant or add up to one wire in every way that the primitives
 * allow, and of which some are stated, several times too.
 */
export function randomCopies(seed: number): IntegerGraph {
  const random = pseudoRandom(seed);
  const pick: Pick = (values) => values[Math.floor(random() * values.length)]!;
  const maker = new GraphMaker([3, 1, 15], seed);
  const known: Known = { values: [0, 1, 2], conditions: [1], divisors: [] };
  const count = integerBetween(random, 2, 7);
  for (let k = 0; k < count; k += 1) addNode(maker, known, pick);
  if (pick([true, false, false, false])) {
    return maker.finish('label', maker.threshold(pick(known.values), pick([0, 1, 5])), 'digest');
  }
  const stated = Array.from({ length: integerBetween(random, 1, 7) }, () => pick(known.values));
  return maker.finish('logits', Int32Array.from(stated), pick(['public', 'digest'] as const));
}

/** More often than not, a weight or an operand that makes the output another name, or constant. */
function addNode(maker: GraphMaker, { values, conditions, divisors }: Known, pick: Pick): void {
  const any = () => pick(values);
  const operand = () => pick([any(), any(), ZERO]);
  const weight = () => pick([1, 1, 1, 0, -1, 2]);
  const keep = (ids: Int32Array) => values.push(...ids);
  const nodes: readonly (() => void)[] = [
    () => keep(maker.sums([pick([0, 5]), [weight(), operand()]])),
    () => keep(maker.sums([0, [weight(), operand()], [weight(), operand()], [weight(), operand()]])),
    () => keep(maker.sums([pick([0, 4])], [0, [1, any()]])),
    () => keep(maker.requantize(Int32Array.of(any()), pick([0, 0, 1]), RELU)),
    () => keep(maker.requantize(Int32Array.of(any()), 0, { kind: 'clamp', low: pick([0, 200]), high: null })),
    () =>
      keep(maker.requantize(Int32Array.of(any()), 0, { kind: 'leaky', numerator: 1, denominatorBits: 1 })),
    () =>
      keep(
        maker.table(
          Int32Array.of(any()),
          0,
          0,
          pick([
            [0, 1, 2, 3],
            [4, 4, 4, 4],
            [0, 1],
          ]),
        ),
      ),
    () => keep(maker.max([any(), any(), any()], pick([1, 3]))),
    () => keep(maker.multiply(Int32Array.of(any()), Int32Array.of(operand()))),
    () => {
      const ids = maker.compare(Int32Array.of(any()), Int32Array.of(operand()), [pick([0, -1, 300])]);
      conditions.push(...ids);
      keep(ids);
    },
    () => keep(maker.select([pick(conditions)], [operand()], [operand()])),
    () => {
      const ids = maker.thermometer(pick([0, 1, 2]), [1]);
      // One of an input that is 0 or 1 has no wire.
      conditions.push(...ids);
    },
    () => {
      const leaves = maker.treeLeaves([
        [pick(conditions), 1, -1],
        [pick(conditions), -2, -3],
      ]);
      const [a, b, c] = [weight(), weight(), weight()];
      keep(maker.sums([pick([0, 3]), [a, leaves[0]!], [b, leaves[1]!], [c, leaves[2]!]]));
    },
    () => {
      const [divisor] = maker.requantize(Int32Array.of(any()), 0, { kind: 'clamp', low: 1, high: null });
      divisors.push(divisor!);
      values.push(divisor!);
    },
    () => {
      if (divisors.length > 0) keep(maker.divide(Int32Array.of(any()), Int32Array.of(pick(divisors)), 1));
    },
  ];
  pick(nodes)();
}
