import type { Bounds } from '../integer/bounds.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { type SignalSources, wholeSlot } from '../integer/wire-source.ts';
import { type CircuitPlan, planCircuit } from './circuit-plan.ts';
import { circuitSource } from './circuit-source.ts';
import { type DigestPlan, planDigest } from './digest/digest-plan.ts';
import { integerSources } from './witness-plan.ts';

/** A circuit as it follows from an integer graph: its text, and how a row's trace becomes its witness. */
export interface DerivedCircuit {
  readonly graph: IntegerGraph;
  readonly bounds: Bounds;
  readonly plan: CircuitPlan;
  /** Only where the statement holds the input's digest. */
  readonly digest: DigestPlan | undefined;
  readonly source: string;
  readonly sources: SignalSources;
}

/** Field slots of every trace: the context, its square, and for a digest the salt and what hashing computes. */
const CONTEXT_SLOTS = 2;

/** Integer graph → bounds → plan → circom text. Deterministic. @throws QuietproofError QP3001 */
export function deriveCircuit(graph: IntegerGraph): DerivedCircuit {
  const bounds = computeBounds(graph);
  const plan = planCircuit(graph, bounds);
  const digest = graph.statement.input === 'digest' ? planDigest(graph.input.max) : undefined;
  const sources = new Map(integerSources(plan, graph));
  sources.set('context', [wholeSlot(plan.layout.end)]);
  sources.set('contextSquared', [wholeSlot(plan.layout.end + 1)]);
  if (digest !== undefined) {
    for (const [name, wires] of digest.sources(plan.layout.end + CONTEXT_SLOTS)) sources.set(name, wires);
  }
  return { graph, bounds, plan, digest, source: circuitSource(graph, plan, digest), sources };
}
