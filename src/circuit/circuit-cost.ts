import { domainPower } from '../formats/evaluation-domain.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { type CircuitPlan, planCircuit } from './circuit-plan.ts';
import { digestCost } from './digest/digest-plan.ts';

/** What a circuit costs to prove, exactly as circom will count it. */
export interface CircuitCost {
  /** By layer, in order. */
  readonly layers: readonly { readonly layer: string; readonly constraints: number }[];
  /** Range checks and hashing of the input; 0 in public mode. */
  readonly digest: number;
  /** All constraints, the context's included. */
  readonly constraints: number;
  readonly publicSignals: number;
  /** log2 of the Groth16 evaluation domain: proving time doubles with each step. */
  readonly domainPower: number;
}

/** The context's squaring. */
const CONTEXT_CONSTRAINTS = 1;

export function circuitCost(
  graph: IntegerGraph,
  plan: CircuitPlan = planCircuit(graph, computeBounds(graph)),
): CircuitCost {
  const byLayer = new Map<string, number>();
  for (const { node, cost } of plan.layers) byLayer.set(node.name, (byLayer.get(node.name) ?? 0) + cost);
  const layers = Array.from(byLayer, ([layer, constraints]) => ({ layer, constraints }));
  const isDigest = graph.statement.input === 'digest';
  const digest = isDigest ? digestCost(graph.input.max) : 0;
  const constraints = layers.reduce((sum, layer) => sum + layer.constraints, digest + CONTEXT_CONSTRAINTS);
  const publicSignals = graph.statement.outputs.length + (isDigest ? 1 : graph.input.count) + 1;
  return { layers, digest, constraints, publicSignals, domainPower: domainPower(constraints, publicSignals) };
}
