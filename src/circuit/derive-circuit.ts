import type { Bounds } from '../integer/bounds.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { contextSignals, statementSlots } from '../integer/statement.ts';
import { declaredSources, type SignalSources } from '../integer/wire-source.ts';
import { type CircuitPlan, planCircuit } from './circuit-plan.ts';
import { circuitSource } from './circuit-source.ts';
import type { InputCircuit } from './input-modes/input-mode.ts';
import { INPUT_CIRCUITS } from './input-modes/input-modes.ts';
import { integerSources } from './witness-plan.ts';

/** What follows from an integer graph: the circuit's text, and how a row's trace becomes its witness. */
export interface DerivedCircuit {
  readonly graph: IntegerGraph;
  readonly bounds: Bounds;
  readonly plan: CircuitPlan;
  readonly input: InputCircuit;
  readonly source: string;
  /** The same circuit with weights written one by one: the text of artifacts of 0.1. */
  readonly plainSource: () => string;
  readonly sources: SignalSources;
  /** By slot of the trace: the slot whose wire it has another name for. */
  readonly copies: ReadonlyMap<number, number>;
}

/** Integer graph → bounds → plan → circom text. Deterministic. @throws QuietproofError QP3001 */
export function deriveCircuit(graph: IntegerGraph): DerivedCircuit {
  const bounds = computeBounds(graph);
  const plan = planCircuit(graph, bounds);
  const input = INPUT_CIRCUITS[graph.statement.input].plan(graph);
  const slots = statementSlots(plan.layout.end);
  const sources = new Map([
    ...integerSources(plan, graph),
    ...declaredSources(contextSignals(slots)),
    ...declaredSources(input.signals(slots.input)),
  ]);
  return {
    graph,
    bounds,
    plan,
    input,
    source: circuitSource(graph, plan, input),
    plainSource: () => circuitSource(graph, plan, input, 'plain'),
    sources,
    copies: plan.wires.copies,
  };
}
