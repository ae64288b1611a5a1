import type { CircuitPlan } from '../circuit/circuit-plan.ts';
import { wholeSlot } from '../circuit/wire-source.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { describeRow } from './describe-row.ts';
import { walkArgmax } from './gadgets/argmax.ts';
import { walkDigest, walkInputRanges } from './gadgets/digest.ts';
import { walkLinear } from './gadgets/linear.ts';
import { walkMax } from './gadgets/max.ts';
import { walkRequantize } from './gadgets/requantize.ts';
import { walkThreshold } from './gadgets/threshold.ts';
import { requireInputWires } from './input-wires.ts';
import { BigForm } from './linear-form.ts';
import { Walk } from './walk.ts';
import type { WireHints } from './wire-hints.ts';

/** What the walk is about: a graph, and the circuit that is said to compute it. */
export interface Subject {
  readonly graph: IntegerGraph;
  readonly bounds: Bounds;
  readonly plan: CircuitPlan;
  readonly hints: WireHints;
  readonly name: (wire: number) => string;
}

/** Where the statement's signals are, by position: the r1cs orders outputs, public inputs, private inputs. */
export interface SignalPlaces {
  readonly inputWire: (i: number) => number;
  readonly contextWire: number;
  /** Only in digest mode. */
  readonly saltWire: number;
  readonly digestWire: number;
}

export function signalPlaces(graph: IntegerGraph): SignalPlaces {
  const outputs = graph.statement.outputs.length;
  const { count } = graph.input;
  if (graph.statement.input === 'public') {
    const inputWire = (i: number) => 1 + outputs + i;
    return { inputWire, contextWire: 1 + outputs + count, saltWire: -1, digestWire: -1 };
  }
  const contextWire = 2 + outputs;
  const inputWire = (i: number) => contextWire + 1 + i;
  return { inputWire, contextWire, saltWire: contextWire + 1 + count, digestWire: 1 + outputs };
}

/**
 * Walks the graph from inputs to outputs and matches every gadget with the rows of the r1cs (see Walk). Every row must
 * be matched by one gadget, or be harmless.
 *
 * @param boolean by wire: 0, or 1 + the row that makes it boolean
 * @throws QuietproofError QP4504 where the wires that the r1cs header counts as inputs are not the circuit's inputs
 */
export function proveCorrespondence(system: ConstraintSystem, subject: Subject, boolean: Uint32Array): Walk {
  requireInputWires(system);
  const { graph, bounds, plan, hints, name } = subject;
  const walk = new Walk(graph, system, bounds, hints, boolean, name);
  const { inputWire, contextWire, saltWire, digestWire } = signalPlaces(graph);
  graph.input.max.forEach((max, i) => {
    walk.placeInput(i, inputWire(i), max);
    if (max !== bounds.hi[i] || bounds.lo[i] !== 0) walk.fail('range', `input[${i}]`, 'the bounds differ');
  });
  walkContext(walk, contextWire, plan.integerSlots + 1);
  if (graph.statement.input === 'digest') {
    walk.claim(saltWire, 'salt');
    walkInputRanges(walk, inputWire);
  }
  graph.nodes.forEach((node, k) => {
    const { slot } = plan.auxiliaries[k]!;
    if (node.op === 'linear') walkLinear(walk, node);
    else if (node.op === 'requantize') walkRequantize(walk, node, slot);
    else if (node.op === 'max') walkMax(walk, node, slot);
    else if (node.op === 'argmax') walkArgmax(walk, node, slot);
    else walkThreshold(walk, node, slot);
  });
  if (graph.statement.input === 'digest') {
    walkDigest(walk, inputWire, saltWire, plan.integerSlots + 2, digestWire);
  }
  walkOutputs(walk);
  return walk;
}

/** Pattern "context": a wire of its own is context². It forbids nothing, and binds the proof to the context. */
function walkContext(walk: Walk, context: number, squareSlot: number): void {
  walk.claim(context, 'context');
  const square = walk.hints.of(wholeSlot(squareSlot));
  const form = BigForm.wire(context);
  if (square > 0 && walk.rows.product(form, form, BigForm.wire(square))) {
    if (walk.claim(square, 'context')) walk.proved('context');
  } else walk.fail('correspondence', 'context', 'no constraint holds it: a proof would not be bound to it');
}

/** Public output j is wire 1 + j, and carries value − base, base the value's proved minimum. */
function walkOutputs(walk: Walk): void {
  const { outputs, output } = walk.graph.statement;
  outputs.forEach((id, j) => {
    const where = `${output}[${j}]`;
    const form = walk.sum.clear().add(0, -walk.bounds.lo[id]!);
    walk.addValue(form, id, 1);
    const isWire = form.size === 1 && form.value(1 + j) === 1;
    if (isWire) return;
    form.add(1 + j, -1);
    if (walk.rows.linear(form)) walk.claim(1 + j, where);
    else walk.failRow(form, 1 + j, where);
  });
}

/** Rows that no gadget accounts for. */
export function unexplainedRows(
  walk: Walk,
  system: ConstraintSystem,
  name: (wire: number) => string,
): number[] {
  const { harmless, unexplained } = walk.rows.leftOver();
  for (const row of unexplained) {
    walk.fail('correspondence', `row ${row}`, `no gadget needs ${describeRow(system, row, name)}`);
  }
  return harmless;
}
