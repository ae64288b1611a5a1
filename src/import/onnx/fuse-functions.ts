import onnxProto from 'onnx-proto';
import type { GraphProto, NodeProto, TensorProto } from './decode-model.ts';
import { isStandardDomain } from './decode-model.ts';
import { liveNodes } from './live-nodes.ts';

/** Reads a stored tensor's numbers. */
type ReadNumbers = (tensor: TensorProto) => ArrayLike<number>;

const { AttributeProto, NodeProto: NewNode } = onnxProto.onnx;

/**
 * Replaces functions of one variable that exporters spell out as a product or a quotient, such as GELU as
 * x · ½ · (1 + erf(x / √2)) and the sigmoid of −x as 1 / (1 + eˣ), by the operators that they are. The product of two
 * activations then needs no circuit, and no exponential is larger than all that is added to it; nodes that nothing else
 * reads are dead.
 *
 * @param outputs the names of the outputs that are imported
 */
export function fuseFunctions(graph: GraphProto, outputs: readonly string[], read: ReadNumbers): void {
  const patterns = new Patterns(graph, read);
  const live = new Set(liveNodes(graph, outputs).map(({ proto }) => proto));
  graph.node = (graph.node as NodeProto[]).flatMap(
    (node) => (live.has(node) ? patterns.fused(node) : undefined) ?? [node],
  );
}

/** c · Π factors */
interface Product {
  readonly constant: number;
  readonly factors: readonly string[];
}

/** An operator of one operand, and a float attribute of it. */
interface Fused {
  readonly op: string;
  readonly source: string;
  readonly attribute?: readonly [string, number | string];
}

/** Exporters write constants as float32 or with seven digits. */
const TOLERANCE = 1e-6;

const isNear = (a: number, b: number) => Math.abs(a - b) <= TOLERANCE * Math.abs(b);

class Patterns {
  readonly #producer = new Map<string, NodeProto>();
  readonly #stored = new Map<string, TensorProto>();
  /** By name: how many operands it is. */
  readonly #reads = new Map<string, number>();
  readonly #read: ReadNumbers;

  constructor(graph: GraphProto, read: ReadNumbers) {
    this.#read = read;
    for (const tensor of graph.initializer as TensorProto[]) this.#stored.set(tensor.name ?? '', tensor);
    for (const node of graph.node as NodeProto[]) {
      for (const name of node.input) this.#reads.set(name, (this.#reads.get(name) ?? 0) + 1);
      if (!isStandardDomain(node.domain)) continue;
      for (const output of node.output) this.#producer.set(output, node);
    }
  }

  /** The operators that a product or a quotient is; undefined if it is none. */
  fused(node: NodeProto): NodeProto[] | undefined {
    if (!isStandardDomain(node.domain) || (node.opType !== 'Mul' && node.opType !== 'Div')) return undefined;
    const exponent = this.#exponentBelowOne(node);
    if (exponent !== undefined) return sigmoidOfNegative(node, exponent);
    const product = this.#productOf(node.output[0]!);
    const found = this.#match(product, 0) ?? this.#match(product, 1);
    if (found === undefined) return undefined;
    const { op, source, attribute } = found;
    const { name, output } = node;
    const only = NewNode.create({
      ...{ name, opType: op, input: [source], output },
      attribute: attribute === undefined ? [] : [attributeOf(attribute)],
    });
    return [only as NodeProto];
  }

  /** The x in 1 / (1 + eˣ). */
  #exponentBelowOne({ opType, input }: NodeProto): string | undefined {
    if (opType !== 'Div' || this.#constant(input[0]!) !== 1) return undefined;
    const exponential = this.#producer.get(this.#lessConstant(input[1]!, 1) ?? '');
    return exponential?.opType === 'Exp' ? exponential.input[0]! : undefined;
  }

  /** @param at which of two factors is the operand */
  #match({ constant, factors }: Product, at: 0 | 1): Fused | undefined {
    const [source, gate] = [factors[at], factors[1 - at]];
    if (factors.length !== 2 || source === undefined || gate === undefined) return undefined;
    if (constant === 1) return this.#gatedBySigmoid(source, gate);
    if (isNear(constant, 1 / 6))
      return this.#isClippedSum(gate, source) ? { op: 'HardSwish', source } : undefined;
    return constant === 0.5 ? this.#gatedByNormal(source, gate) : undefined;
  }

  /** x · sigmoid(alpha · x), x · tanh(softplus(x)), x · hardsigmoid(x) with a slope of 1/6 */
  #gatedBySigmoid(source: string, gate: string): Fused | undefined {
    const node = this.#producer.get(gate);
    const inner = node?.input[0] ?? '';
    if (node?.opType === 'Sigmoid') {
      const alpha = this.#factorOf(inner, source);
      return alpha !== undefined && alpha > 0
        ? { op: 'Swish', source, attribute: ['alpha', alpha] }
        : undefined;
    }
    if (node?.opType === 'Tanh') {
      const softplus = this.#producer.get(inner);
      const isMish = softplus?.opType === 'Softplus' && softplus.input[0] === source;
      return isMish ? { op: 'Mish', source } : undefined;
    }
    if (node?.opType !== 'HardSigmoid' || inner !== source) return undefined;
    const isSixth = isNear(floatOf(node, 'alpha', 0.2), 1 / 6) && floatOf(node, 'beta', 0.5) === 0.5;
    return isSixth ? { op: 'HardSwish', source } : undefined;
  }

  /** x · ½ · (1 + erf(x / √2)), x · ½ · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) */
  #gatedByNormal(source: string, gate: string): Fused | undefined {
    const bounded = this.#lessConstant(gate, 1);
    const node = bounded === undefined ? undefined : this.#producer.get(bounded);
    const inner = node?.input[0] ?? '';
    if (node?.opType === 'Erf') {
      const factor = this.#factorOf(inner, source);
      return factor !== undefined && isNear(factor, Math.SQRT1_2) ? { op: 'Gelu', source } : undefined;
    }
    if (node?.opType !== 'Tanh') return undefined;
    const { constant, factors } = this.#productOf(inner);
    const sum = factors.length === 1 ? this.#producer.get(factors[0]!) : undefined;
    if (sum?.opType !== 'Add' || !isNear(constant, Math.sqrt(2 / Math.PI))) return undefined;
    const [a, b] = sum.input as [string, string];
    const isCubic = (a === source && this.#isCube(b, source)) || (b === source && this.#isCube(a, source));
    return isCubic ? { op: 'Gelu', source, attribute: ['approximate', 'tanh'] } : undefined;
  }

  /** 0.044715 · x³ */
  #isCube(name: string, source: string): boolean {
    const { constant, factors } = this.#productOf(name);
    return isNear(constant, 0.044715) && factors.length === 3 && factors.every((own) => own === source);
  }

  /** min(max(x + 3, 0), 6) */
  #isClippedSum(name: string, source: string): boolean {
    const node = this.#producer.get(name);
    if (node?.opType !== 'Clip') return false;
    const [sum, min, max] = node.input;
    const low = min === undefined ? floatOf(node, 'min', Number.NaN) : this.#constant(min);
    const high = max === undefined ? floatOf(node, 'max', Number.NaN) : this.#constant(max);
    return low === 0 && high === 6 && this.#lessConstant(sum ?? '', 3) === source;
  }

  /** The c in c · source; undefined if it is something else. */
  #factorOf(name: string, source: string): number | undefined {
    if (name === source) return 1;
    const { constant, factors } = this.#productOf(name);
    return factors.length === 1 && factors[0] === source ? constant : undefined;
  }

  /** What is added to a constant. */
  #lessConstant(name: string, wanted: number): string | undefined {
    const node = this.#producer.get(name);
    if (node?.opType !== 'Add') return undefined;
    const [a, b] = node.input as [string, string];
    if (this.#constant(b) === wanted) return a;
    return this.#constant(a) === wanted ? b : undefined;
  }

  /** The factors of nested products, quotients by constants, and whole powers. */
  #productOf(name: string, depth = 0): Product {
    const constant = this.#constant(name);
    if (constant !== undefined) return { constant, factors: [] };
    const node = this.#producer.get(name);
    const self = { constant: 1, factors: [name] };
    // The operand of a function is read by its gate too, so a product that is read once is none.
    const isInner = depth === 0 || (depth <= MAX_DEPTH && this.#reads.get(name) === 1);
    if (node === undefined || !isInner) return self;
    const [a, b] = node.input as [string, string];
    if (node.opType === 'Mul') {
      const [left, right] = [this.#productOf(a, depth + 1), this.#productOf(b, depth + 1)];
      return { constant: left.constant * right.constant, factors: [...left.factors, ...right.factors] };
    }
    const second = node.opType === 'Div' || node.opType === 'Pow' ? this.#constant(b) : undefined;
    if (second === undefined) return self;
    if (node.opType === 'Pow') return second === 3 ? { constant: 1, factors: [a, a, a] } : self;
    const left = this.#productOf(a, depth + 1);
    return { constant: left.constant / second, factors: left.factors };
  }

  /** The value of a constant of one element. */
  #constant(name: string): number | undefined {
    const node = this.#producer.get(name);
    const value = node?.opType === 'Constant' ? node.attribute[0] : undefined;
    if (value?.name === 'value_float') return value.f ?? undefined;
    const tensor = this.#stored.get(name) ?? (value?.name === 'value' ? (value.t as TensorProto) : undefined);
    const size = (tensor?.dims ?? []).reduce((product: number, dim) => product * Number(dim), 1);
    return tensor === undefined || size !== 1 ? undefined : this.#read(tensor)[0];
  }
}

/** Deeper products than any exporter writes. */
const MAX_DEPTH = 8;

function sigmoidOfNegative({ name, output }: NodeProto, operand: string): NodeProto[] {
  const negative = `${output[0]}/negative`;
  return [
    NewNode.create({ name: `${name}/negative`, opType: 'Neg', input: [operand], output: [negative] }),
    NewNode.create({ name, opType: 'Sigmoid', input: [negative], output }),
  ] as NodeProto[];
}

function floatOf(node: NodeProto, name: string, otherwise: number): number {
  return node.attribute.find((attribute) => attribute.name === name)?.f ?? otherwise;
}

function attributeOf([name, value]: readonly [string, number | string]) {
  return typeof value === 'number'
    ? AttributeProto.create({ name, type: 1, f: value })
    : AttributeProto.create({ name, type: 3, s: new TextEncoder().encode(value) });
}
