import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import type { ConstTensor, TensorView } from './tensor.ts';

/**
 * Conditions are values 1 (true) and 0 (false). Each form below keeps the proved range of its result within 0 … 1, which
 * a choice by it needs: a + b − a·b, say, is the same as `or`, but interval arithmetic gives it the range −1 … 2.
 */
export class Logic {
  readonly #builder: GraphBuilder;
  readonly #node: NodeInfo;

  constructor(builder: GraphBuilder, node: NodeInfo) {
    this.#builder = builder;
    this.#node = node;
  }

  atLeast(a: TensorView, b: TensorView): TensorView {
    return this.#builder.binary(this.#node, 'compare', a, b);
  }

  greater(a: TensorView, b: TensorView): TensorView {
    return this.not(this.atLeast(b, a));
  }

  equal(a: TensorView, b: TensorView): TensorView {
    return this.and(this.atLeast(a, b), this.atLeast(b, a));
  }

  not(a: TensorView): TensorView {
    return this.#builder.affine(this.#node, a, scalar(-1), scalar(1));
  }

  and(a: TensorView, b: TensorView): TensorView {
    return this.#builder.binary(this.#node, 'product', a, b);
  }

  or(a: TensorView, b: TensorView): TensorView {
    return this.not(this.and(this.not(a), this.not(b)));
  }

  xor(a: TensorView, b: TensorView): TensorView {
    return this.#builder.select(this.#node, a, this.not(b), b);
  }
}

const scalar = (value: number): ConstTensor => ({ shape: [], data: Float64Array.of(value) });
