import { pseudoRandom } from '../../../src/data/pseudo-random.ts';
import { ABSENT, ZERO } from '../../../src/graph/float-graph.ts';
import type {
  IntegerActivation,
  IntegerGraph,
  IntegerNode,
  Statement,
} from '../../../src/integer/integer-graph.ts';
import { affineCodings } from '../../support/affine-codings.ts';

export function integerBetween(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** Collects the nodes of a graph and assigns their ids. */
export class GraphMaker {
  readonly nodes: IntegerNode[] = [];
  next: number;
  readonly #max: Float64Array;
  readonly #random: () => number;

  constructor(max: readonly number[], seed: number) {
    this.#max = Float64Array.from(max);
    this.next = max.length;
    this.#random = pseudoRandom(seed);
  }

  #base(name: string, count: number) {
    const base = { name, origin: [], first: this.next, count, scale: 1 };
    this.next += count;
    return base;
  }

  /** Adds a block of random weights; `gather` is positions × taps. */
  block(rows: number, positions: number, taps: number, gather: number[], limit = 7): Int32Array {
    const weights = Float64Array.from({ length: rows * taps }, () =>
      integerBetween(this.#random, -limit, limit),
    );
    const count = rows * positions;
    const base = this.#base('block', count);
    this.nodes.push({
      ...base,
      op: 'linear',
      blocks: [{ rows, positions, taps, weights, gather: Int32Array.from(gather) }],
      diagonals: [],
      bias: Float64Array.from({ length: count }, () => integerBetween(this.#random, -50, 50)),
    });
    return this.ids(base);
  }

  diagonal(sources: readonly Int32Array[], limit = 5): Int32Array {
    const count = sources[0]!.length;
    const base = this.#base('diagonal', count);
    this.nodes.push({
      ...base,
      op: 'linear',
      blocks: [],
      diagonals: sources.map((source) => ({
        weights: Float64Array.from({ length: count }, () => integerBetween(this.#random, -limit, limit)),
        source,
      })),
      bias: new Float64Array(count),
    });
    return this.ids(base);
  }

  requantize(source: Int32Array, shift: number, activation: IntegerActivation): Int32Array {
    const base = this.#base('requantize', source.length);
    this.nodes.push({ ...base, op: 'requantize', source, shift, activation });
    return this.ids(base);
  }

  table(source: Int32Array, shift: number, offset: number, entries: readonly number[]): Int32Array {
    const base = this.#base('table', source.length);
    this.nodes.push({ ...base, op: 'table', source, shift, offset, entries: Float64Array.from(entries) });
    return this.ids(base);
  }

  max(gather: number[], taps: number): Int32Array {
    const base = this.#base('max', gather.length / taps);
    this.nodes.push({ ...base, op: 'max', taps, gather: Int32Array.from(gather) });
    return this.ids(base);
  }

  argmax(source: Int32Array): Int32Array {
    const base = this.#base('label', 1);
    this.nodes.push({ ...base, op: 'argmax', source });
    return this.ids(base);
  }

  threshold(source: number, threshold: number): Int32Array {
    const base = this.#base('label', 1);
    this.nodes.push({ ...base, op: 'threshold', source, threshold });
    return this.ids(base);
  }

  multiply(left: Int32Array, right: Int32Array): Int32Array {
    const base = this.#base('product', left.length);
    this.nodes.push({ ...base, op: 'multiply', left, right });
    return this.ids(base);
  }

  compare(left: Int32Array, right: Int32Array, offset: readonly number[]): Int32Array {
    const base = this.#base('comparison', left.length);
    this.nodes.push({ ...base, op: 'compare', left, right, offset: Float64Array.from(offset) });
    return this.ids(base);
  }

  divide(numerator: Int32Array, denominator: Int32Array, factor: number): Int32Array {
    const base = this.#base('quotient', numerator.length);
    this.nodes.push({ ...base, op: 'divide', numerator, denominator, factor });
    return this.ids(base);
  }

  thermometer(source: number, cuts: readonly number[]): Int32Array {
    const base = this.#base('cuts', cuts.length);
    this.nodes.push({ ...base, op: 'thermometer', source, cuts: Float64Array.from(cuts) });
    return this.ids(base);
  }

  select(
    condition: readonly number[],
    whenTrue: readonly number[],
    whenFalse: readonly number[],
  ): Int32Array {
    const base = this.#base('select', condition.length);
    const ids = (values: readonly number[]) => Int32Array.from(values);
    this.nodes.push({
      ...base,
      op: 'select',
      condition: ids(condition),
      whenTrue: ids(whenTrue),
      whenFalse: ids(whenFalse),
    });
    return this.ids(base);
  }

  /** Children: an inner node, or −1 − leaf. */
  treeLeaves(nodes: readonly (readonly [condition: number, yes: number, no: number])[]): Int32Array {
    const base = this.#base('leaves', nodes.length + 1);
    const column = (k: 0 | 1 | 2) => Int32Array.from(nodes, (node) => node[k]);
    this.nodes.push({
      ...base,
      op: 'tree-leaves',
      condition: column(0),
      whenTrue: column(1),
      whenFalse: column(2),
    });
    return this.ids(base);
  }

  /** One sum per entry: a bias and its terms. */
  sums(...rows: readonly (readonly [bias: number, ...terms: (readonly [weight: number, id: number])[]])[]) {
    const base = this.#base('sums', rows.length);
    const terms = rows.map(([, ...own]) => own);
    const most = Math.max(...terms.map((own) => own.length));
    this.nodes.push({
      ...base,
      op: 'linear',
      blocks: [],
      diagonals: Array.from({ length: most }, (_, k) => ({
        weights: Float64Array.from(terms, (own) => own[k]?.[0] ?? 0),
        source: Int32Array.from(terms, (own) => own[k]?.[1] ?? ZERO),
      })),
      bias: Float64Array.from(rows, ([bias]) => bias),
    });
    return this.ids(base);
  }

  ids(base: { first: number; count: number }): Int32Array {
    return Int32Array.from({ length: base.count }, (_, i) => base.first + i);
  }

  finish(
    output: Statement['output'],
    outputs: Int32Array,
    input: Statement['input'] = 'public',
  ): IntegerGraph {
    const count = this.#max.length;
    return {
      source: { format: 'onnx', sha256: '00'.repeat(32) },
      input: {
        name: 'in',
        shape: [count],
        count,
        codings: affineCodings(new Float64Array(count), new Float64Array(count).fill(1)),
        max: this.#max,
      },
      nodes: this.nodes,
      statement: { output, outputs, input },
    };
  }

  /** Rows: all lows, all highs, then in turn corners of the input box and random rows. */
  rows(count: number, seed = 99): Float64Array[] {
    const random = pseudoRandom(seed);
    const rows = [new Float64Array(this.#max.length), Float64Array.from(this.#max)];
    while (rows.length < count) {
      const corner = rows.length % 2 === 0;
      rows.push(
        this.#max.map((max) => (corner ? (random() < 0.5 ? 0 : max) : integerBetween(random, 0, max))),
      );
    }
    return rows;
  }
}

export const RELU: IntegerActivation = { kind: 'clamp', low: 0, high: null };

/** 3 × 3 windows over a side × side image, padded by one with `empty`. */
export function paddedWindows(ids: Int32Array, side: number, empty: typeof ZERO | typeof ABSENT): number[] {
  const gather: number[] = [];
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const inside = y + dy >= 0 && y + dy < side && x + dx >= 0 && x + dx < side;
          gather.push(inside ? ids[(y + dy) * side + x + dx]! : empty);
        }
      }
    }
  }
  return gather;
}

/** One graph for each way in which a circuit can be composed. */
export const TEST_GRAPHS: Readonly<Record<string, () => { maker: GraphMaker; graph: IntegerGraph }>> = {
  'dense, ReLU, argmax': () => {
    const maker = new GraphMaker([15, 15, 15, 15, 255], 1);
    const hidden = maker.requantize(maker.block(6, 1, 5, [0, 1, 2, 3, 4]), 4, RELU);
    const logits = maker.block(4, 1, 6, Array.from(hidden));
    return { maker, graph: maker.finish('label', maker.argmax(logits)) };
  },
  'dense, ReLU, threshold': () => {
    const maker = new GraphMaker([255, 255, 255], 2);
    const hidden = maker.requantize(maker.block(5, 1, 3, [0, 1, 2]), 0, RELU);
    const score = maker.block(1, 1, 5, Array.from(hidden));
    return { maker, graph: maker.finish('label', maker.threshold(score[0]!, 100)) };
  },
  'every clamp, rounding shift': () => {
    const maker = new GraphMaker([63, 63, 63, 63], 3);
    const clamps: IntegerActivation[] = [
      { kind: 'clamp', low: 0, high: 24 },
      { kind: 'clamp', low: -7, high: 13 },
      { kind: 'clamp', low: null, high: 9 },
      { kind: 'clamp', low: -20, high: null },
      { kind: 'clamp', low: null, high: null },
      { kind: 'clamp', low: 0, high: 1 },
    ];
    const outputs = clamps.flatMap((clamp) =>
      Array.from(maker.requantize(maker.block(4, 1, 4, [0, 1, 2, 3]), 3, clamp)),
    );
    return { maker, graph: maker.finish('logits', Int32Array.from(outputs)) };
  },
  'leaky ReLU': () => {
    const maker = new GraphMaker([31, 31, 31], 4);
    const leaky: IntegerActivation = { kind: 'leaky', numerator: 13, denominatorBits: 7 };
    const hidden = maker.requantize(maker.block(5, 1, 3, [0, 1, 2]), 2, leaky);
    const logits = maker.block(3, 1, 5, Array.from(hidden));
    return { maker, graph: maker.finish('logits', logits) };
  },
  'tables within and beyond their ends': () => {
    const maker = new GraphMaker([15, 15, 15], 9);
    const random = pseudoRandom(10);
    const entries = (bits: number, limit: number) =>
      Array.from({ length: 2 ** bits }, () => integerBetween(random, -limit, limit));
    const inputs = Int32Array.of(0, 1, 2);
    const outputs = [
      ...maker.table(maker.block(4, 1, 3, [0, 1, 2]), 2, 20, entries(5, 90)),
      // The range is within the table, and reaches only its lower half.
      ...maker.table(inputs, 0, 0, entries(5, 9)),
      // Beyond the end, beyond the beginning, and one value for all.
      ...maker.table(inputs, 1, 0, entries(2, 30)),
      ...maker.table(inputs, 0, -12, entries(2, 30)),
      ...maker.table(inputs, 0, -20, entries(2, 30)),
      // Steps, which take few products.
      ...maker.table(maker.block(2, 1, 3, [0, 1, 2]), 3, 32, [0, 0, 0, 0, 1, 1, 1, 1]),
      ...maker.table(inputs, 3, 0, [0, 1]),
    ];
    return { maker, graph: maker.finish('logits', maker.block(2, 1, outputs.length, outputs)) };
  },
  'tables that mirror': () => {
    const maker = new GraphMaker([31, 31, 31], 12);
    const upper = [1, 3, 5, 8, 10, 11, 12, 12, 14, 15, 15, 15, 16, 16, 16, 17];
    const below = (of: (value: number, j: number) => number) => [...upper.map(of).reverse(), ...upper];
    const odd = below((value) => 1 - value);
    const slope = below((value, j) => value - 2 * j - 1);
    const even = below((value) => value);
    const sum = () => maker.block(2, 1, 3, [0, 1, 2], 4);
    const outputs = [
      // Odd around a half, an even one plus a slope, an even one; beyond the table and within it.
      ...[odd, slope, even].flatMap((entries) => [
        ...maker.table(sum(), 1, 32, entries),
        ...maker.table(sum(), 5, 512, entries),
      ]),
      // The sign alone.
      ...maker.table(sum(), 7, 128, [-3, 4]),
    ];
    return { maker, graph: maker.finish('logits', maker.block(2, 1, outputs.length, outputs)) };
  },
  'tables by segments': () => {
    const maker = new GraphMaker([31, 31, 31], 14);
    const random = pseudoRandom(15);
    const curves = (count: number, degree: number, fine: number) =>
      Array.from({ length: count }, () => {
        const own = Array.from({ length: degree + 1 }, () => integerBetween(random, -20, 20));
        return Array.from({ length: fine }, (_, rest) => own.reduceRight((sum, c) => sum * rest + c, 0));
      }).flat();
    const half = curves(4, 1, 8);
    const odd = [...half.map((value) => 3 - value).reverse(), ...half];
    const sum = () => maker.block(2, 1, 3, [0, 1, 2], 4);
    const outputs = [
      // Lines and parabolas: beyond the ends of the table and within them.
      ...maker.table(sum(), 1, 32, curves(8, 1, 8)),
      ...maker.table(sum(), 5, 512, curves(8, 2, 8)),
      ...maker.table(Int32Array.of(0, 1), 0, 0, curves(4, 2, 8)),
      // A middle to mirror at, with guards and without.
      ...maker.table(sum(), 1, 64, odd),
      ...maker.table(sum(), 5, 1024, odd),
    ];
    return { maker, graph: maker.finish('logits', maker.block(2, 1, outputs.length, outputs)) };
  },
  'convolution with padding, max pool, residual, sums': () => {
    const maker = new GraphMaker(new Array<number>(16).fill(15), 5);
    const image = Int32Array.from({ length: 16 }, (_, i) => i);
    const conv = maker.block(2, 16, 9, paddedWindows(image, 4, ZERO));
    const pooled = maker.max(paddedWindows(conv.slice(0, 16), 4, ABSENT), 9);
    const rectified = maker.requantize(pooled, 3, RELU);
    const other = maker.requantize(conv.slice(16), 2, RELU);
    const sum = maker.requantize(maker.diagonal([rectified, other]), 1, RELU);
    return { maker, graph: maker.finish('label', maker.argmax(maker.block(3, 1, 16, Array.from(sum)))) };
  },
  'shifts beyond the range, dead and constant neurons': () => {
    const maker = new GraphMaker([1, 1], 6);
    const hidden = maker.requantize(maker.block(6, 1, 2, [0, 1]), 7, RELU);
    const whole = maker.requantize(maker.block(4, 1, 2, [0, 1], 1), 0, {
      kind: 'clamp',
      low: null,
      high: null,
    });
    return { maker, graph: maker.finish('logits', maker.block(2, 1, 10, [...hidden, ...whole])) };
  },
  'products, squares, products with constants': () => {
    const maker = new GraphMaker([7, 7, 31], 9);
    const signed = maker.block(2, 1, 3, [0, 1, 2]);
    const dead = maker.requantize(signed, 0, { kind: 'clamp', low: 900, high: null });
    const factors = Int32Array.of(...signed, dead[0]!, 2, 1, signed[0]!, 0, dead[1]!);
    const others = Int32Array.of(signed[1]!, signed[1]!, 1, dead[1]!, dead[0]!, ZERO, 0, dead[0]!);
    const products = maker.multiply(factors, others);
    const rounded = maker.requantize(maker.block(2, 1, 8, Array.from(products), 2), 6, RELU);
    return { maker, graph: maker.finish('logits', Int32Array.of(...products.slice(0, 2), ...rounded)) };
  },
  'comparisons, and what they choose': () => {
    const maker = new GraphMaker([7, 7, 31], 10);
    const signed = maker.block(3, 1, 3, [0, 1, 2]);
    const left = Int32Array.of(0, 1, signed[0]!, signed[2]!, 2, 0, ZERO);
    const right = Int32Array.of(1, ZERO, signed[1]!, signed[2]!, 0, 1, 2);
    const answers = maker.compare(left, right, [0, -3, 1, 0, 7, -9, 16]);
    const both = maker.multiply(answers.slice(0, 3), answers.slice(1, 4));
    const chosen = maker.multiply(answers.slice(0, 2), signed.slice(0, 2));
    const score = maker.block(2, 1, 12, [...answers, ...both, ...chosen]);
    return { maker, graph: maker.finish('logits', Int32Array.of(answers[0]!, ...score)) };
  },
  quotients: () => {
    const maker = new GraphMaker([15, 15, 31], 11);
    const signed = maker.block(2, 1, 3, [0, 1, 2]);
    const atLeast = (low: number, id: number) =>
      maker.requantize(Int32Array.of(id), 0, { kind: 'clamp', low, high: null })[0]!;
    const [one, seven, constant] = [atLeast(1, 0), atLeast(7, signed[0]!), atLeast(40, 2)];
    const numerators = Int32Array.of(1, signed[1]!, signed[0]!, 2, signed[1]!, 0, ZERO);
    const divisors = Int32Array.of(one, seven, one, seven, constant, constant, one);
    const quotients = maker.divide(numerators, divisors, 4);
    const score = maker.block(2, 1, 7, Array.from(quotients));
    return { maker, graph: maker.finish('logits', Int32Array.of(quotients[0]!, quotients[1]!, ...score)) };
  },
  'ties in argmax': () => {
    const maker = new GraphMaker([3, 3, 3], 7);
    return { maker, graph: maker.finish('label', maker.argmax(Int32Array.of(0, 1, 2))) };
  },
  'argmax of scores whose ranges hardly meet': () => {
    const maker = new GraphMaker([5], 8);
    const scores = maker.nodes.length;
    const base = { name: 'scores', origin: [], first: 1, count: 4, scale: 1, op: 'linear' as const };
    maker.nodes.push({
      ...base,
      blocks: [
        { rows: 4, positions: 1, taps: 1, weights: Float64Array.of(1, 0, 1, 1), gather: Int32Array.of(0) },
      ],
      diagonals: [],
      bias: Float64Array.of(0, 5, 5, -20),
    });
    maker.next += 4;
    const source = Int32Array.from({ length: 4 }, (_, i) => scores + 1 + i);
    return { maker, graph: maker.finish('label', maker.argmax(source)) };
  },
  'trees by selection, with a missing value above all others': () => {
    const missing = 4_278_190_081;
    const maker = new GraphMaker([255, missing, 9], 9);
    const a = maker.thermometer(0, [3, 100, 101, 200]);
    const b = maker.thermometer(1, [2_139_095_040, 3_000_000_000, missing]);
    const c = maker.thermometer(2, [5]);
    // b < 3 000 000 000 or missing; a = 100; two nodes whose children are leaves.
    const [low, equal, leaf, other] = maker.sums(
      [1, [-1, b[1]!], [1, b[2]!]],
      [0, [1, a[1]!], [-1, a[2]!]],
      [-40, [17, c[0]!]],
      [1000, [-1234, a[3]!]],
    );
    const [inner, deep] = maker.select([low!, a[0]!], [leaf!, other!], [other!, leaf!]);
    const [root] = maker.select([equal!], [deep!], [inner!]);
    const [score] = maker.sums([7, [1, root!], [2, leaf!]]);
    return { maker, graph: maker.finish('label', maker.threshold(score!, 300)) };
  },
  'leaves of trees shared by classes': () => {
    const maker = new GraphMaker([15, 63, 1000], 10);
    const a = maker.thermometer(0, [4, 8, 12]);
    const b = maker.thermometer(1, [32]);
    const c = maker.thermometer(2, [10, 500, 501]);
    const [between] = maker.sums([0, [1, c[0]!], [-1, c[2]!]]);
    const tree = maker.treeLeaves([
      [a[1]!, 1, 2],
      [b[0]!, -1, 3],
      [between!, -2, -3],
      [a[2]!, 4, -4],
      [c[1]!, -5, -6],
    ]);
    const stump = maker.treeLeaves([[between!, -2, -1]]);
    const one = maker.sums([5, ...Array.from(tree, (id) => [3, id] as const)]);
    const sums = maker.block(3, 1, 9, [...tree, ...stump, one[0]!], 50);
    return { maker, graph: maker.finish('label', maker.argmax(sums)) };
  },
  'thermometers of every value, and of a sum': () => {
    const maker = new GraphMaker([1, 3, 20, 2], 12);
    const whole = maker.thermometer(0, [1]);
    const every = maker.thermometer(1, [1, 2, 3]);
    const [sum, twice] = maker.sums([-9, [1, 2], [-2, 1]], [4, [-1, 3]]);
    const cut = maker.thermometer(sum!, [-14, 0, 7]);
    const steps = maker.thermometer(twice!, [3, 4]);
    const chosen = maker.select(
      [whole[0]!, every[1]!, cut[2]!, steps[0]!],
      [every[0]!, 2, ZERO, 3],
      [3, cut[0]!, 2, ZERO],
    );
    return { maker, graph: maker.finish('logits', Int32Array.from([...chosen, ...every, cut[1]!])) };
  },
};
