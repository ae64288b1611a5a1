import { domainPower } from '../formats/evaluation-domain.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { publicSignalCount } from '../integer/statement.ts';
import { type CircuitPlan, planCircuit } from './circuit-plan.ts';
import { INPUT_CIRCUITS } from './input-modes/input-modes.ts';

/** What a circuit costs to prove, exactly as circom will count it. */
export interface CircuitCost {
  /** Constraints per layer, in the order of the layers. */
  readonly layers: readonly { readonly layer: string; readonly constraints: number }[];
  /** Constraints of the inputs: range checks, hashing, and one for each time that an input is stated as it is. */
  readonly input: number;
  /** All constraints, including the context's. */
  readonly constraints: number;
  readonly publicSignals: number;
  /** log2 of the Groth16 evaluation domain: proving time doubles with each step. */
  readonly domainPower: number;
}

/** The squaring of the context. */
const CONTEXT_CONSTRAINTS = 1;

export function circuitCost(
  graph: IntegerGraph,
  plan: CircuitPlan = planCircuit(graph, computeBounds(graph)),
): CircuitCost {
  const byLayer = new Map<string, number>();
  for (const { node, cost } of plan.layers) byLayer.set(node.name, (byLayer.get(node.name) ?? 0) + cost);
  const layers = Array.from(byLayer, ([layer, constraints]) => ({ layer, constraints }));
  const input = INPUT_CIRCUITS[graph.statement.input].cost(graph) + plan.statedInputs;
  const constraints = layers.reduce((sum, layer) => sum + layer.constraints, input + CONTEXT_CONSTRAINTS);
  const publicSignals = publicSignalCount(graph);
  return { layers, input, constraints, publicSignals, domainPower: domainPower(constraints, publicSignals) };
}
