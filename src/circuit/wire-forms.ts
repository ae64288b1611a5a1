import { ZERO } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import type {
  IntegerGraph,
  IntegerLinear,
  IntegerNode,
  Thermometer,
  TreeLeaves,
} from '../integer/integer-graph.ts';
import { linearTerms } from '../integer/linear-terms.ts';
import { repeatsSource } from '../integer/thermometer.ts';
import type { TraceLayout } from '../integer/trace-layout.ts';
import { leafForms } from './leaf-forms.ts';
import { unwiredLinears } from './unwired-linears.ts';
import { FormSum, NOTHING, type WireForm } from './wire-form.ts';

type Unwired = IntegerLinear | TreeLeaves | Thermometer;

/** Computes the forms of all outputs of one node without wires. */
type NodeForms = (index: number) => WireForm;

/** What the values of a graph are in terms of the wires of its circuit. */
export class WireForms {
  readonly #bounds: Bounds;
  readonly #layout: TraceLayout;
  readonly #unwired: ReadonlySet<IntegerNode>;
  /** By value id without a wire: its node. */
  readonly #nodeOf = new Map<number, Unwired>();
  readonly #known = new Map<IntegerNode, NodeForms>();

  constructor(graph: IntegerGraph, bounds: Bounds, layout: TraceLayout) {
    this.#bounds = bounds;
    this.#layout = layout;
    this.#unwired = unwiredLinears(graph);
    for (const node of graph.nodes) {
      if (!this.#hasNoWires(node)) continue;
      for (let k = 0; k < node.count; k += 1) this.#nodeOf.set(node.first + k, node);
    }
  }

  /** Whether a linear node is expanded where it is read. */
  isUnwired(node: IntegerLinear): boolean {
    return this.#unwired.has(node);
  }

  isOnWire(id: number): boolean {
    return !this.#nodeOf.has(id);
  }

  of(id: number): WireForm {
    if (id === ZERO) return NOTHING;
    const node = this.#nodeOf.get(id);
    if (node === undefined) return { constant: this.#bounds.lo[id]!, weights: new Map([[id, 1]]) };
    const known = this.#known.get(node) ?? this.#formsOf(node);
    this.#known.set(node, known);
    return known(id - node.first);
  }

  #hasNoWires(node: IntegerNode): node is Unwired {
    if (node.op === 'thermometer') return repeatsSource(node, this.#bounds);
    return node.op === 'tree-leaves' || (node.op === 'linear' && this.#unwired.has(node));
  }

  #formsOf(node: Unwired): NodeForms {
    if (node.op === 'thermometer') {
      const { source } = node;
      return () => new FormSum(-this.#bounds.lo[source]!).add(this.of(source));
    }
    if (node.op === 'tree-leaves') {
      const branches = this.#layout.auxiliariesOf(node.first).map(({ slot }) => slot);
      const leaves = leafForms(node, branches, (id) => this.of(id));
      return (index) => leaves[index]!;
    }
    const visit = linearTerms(node);
    return (index) => {
      const sum = new FormSum(node.bias[index]!);
      visit(index, (id, weight) => sum.add(this.of(id), weight));
      return sum;
    };
  }
}
