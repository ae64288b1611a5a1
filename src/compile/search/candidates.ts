import { type CircuitCost, circuitCost } from '../../circuit/circuit-cost.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { isWidthRefusal } from '../../quantize/bit-widths.ts';
import type { Calibration } from '../../quantize/calibrate.ts';
import { type QuantizedModel, type QuantizeOptions, quantizer } from '../../quantize/quantize.ts';
import { type Allocation, type Knob, knobsOf, widthsOf } from './knobs.ts';

/** An integer model at some widths, and what it costs to prove. */
export interface Candidate {
  readonly allocation: Allocation;
  readonly model: QuantizedModel;
  /** Computed where it is asked for: most candidates of a search are only run. */
  readonly cost: CircuitCost;
}

/** Builds integer models by their widths. */
export class Candidates {
  readonly knobs: readonly Knob[];
  readonly #quantizeAt: ReturnType<typeof quantizer>;

  constructor(graph: FloatGraph, calibration: Calibration, options: QuantizeOptions) {
    this.knobs = knobsOf(graph, options.ranked);
    this.#quantizeAt = quantizer(graph, calibration, options);
  }

  /** The same width for all knobs. */
  uniform(bits: number): Allocation {
    return this.knobs.map(() => bits);
  }

  /** Undefined where these widths are refused: the search goes on with others. */
  at(allocation: Allocation): Candidate | undefined {
    try {
      return this.orRefuse(allocation);
    } catch (error) {
      if (!isWidthRefusal(error)) throw error;
      return undefined;
    }
  }

  /** @throws QuietproofError for which `isWidthRefusal` holds, if the widths are refused */
  orRefuse(allocation: Allocation): Candidate {
    const model = this.#quantizeAt(widthsOf(this.knobs, allocation));
    let cost: CircuitCost | undefined;
    return {
      allocation,
      model,
      get cost() {
        cost ??= circuitCost(model.graph);
        return cost;
      },
    };
  }
}
