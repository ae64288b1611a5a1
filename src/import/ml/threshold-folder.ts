import type { TreeBranch } from '../../graph/tree.ts';
import type { ExactChain } from '../exact-maps.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import { preimageOf } from './preimage.ts';
import { intervalsOf, type RankSet } from './rank-set.ts';

type Test = Pick<TreeBranch, 'feature' | 'passes' | 'missingPasses'>;

/**
 * The features of one row of an ensemble. What the file computes on a feature before the trees read it is folded into
 * their tests, so that the trees read what it is computed from.
 */
export class ThresholdFolder {
  /** The values that the trees read, by feature of the graph's node. */
  readonly sources: number[] = [];
  readonly #context: OperatorContext;
  readonly #ids: Int32Array;
  readonly #features = new Map<number, number>();
  readonly #chains = new Map<number, ExactChain>();

  /** @param ids one per feature of the file */
  constructor(context: OperatorContext, ids: Int32Array) {
    this.#context = context;
    this.#ids = ids;
  }

  /** A test of the graph's node. @param feature of the file @param set the values of the feature that pass */
  fold(feature: number, set: RankSet): Test {
    const id = this.#ids[feature];
    if (id === undefined) {
      const what = `a tree reads feature ${feature}, but its input has ${this.#ids.length}`;
      throw this.#context.error('QP2119', what);
    }
    const chain = this.#chainOf(id);
    const before = preimageOf(chain.steps, set);
    if (before === undefined) {
      const what = `what is computed on feature ${feature} before the trees cannot be folded into their thresholds`;
      throw this.#context.error('QP2102', what, 'Scale by finite factors in float32');
    }
    return {
      feature: this.#featureOf(chain.source),
      passes: intervalsOf(before),
      missingPasses: before.holdsNaN,
    };
  }

  #chainOf(id: number): ExactChain {
    const chain = this.#chains.get(id) ?? this.#context.builder.exact.chainOf(id);
    this.#chains.set(id, chain);
    return chain;
  }

  #featureOf(source: number): number {
    const feature = this.#features.get(source) ?? this.sources.length;
    if (feature === this.sources.length) this.sources.push(source);
    this.#features.set(source, feature);
    return feature;
  }
}
