import type { Bounds } from '../integer/bounds.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { OUTPUT_SIGNALS, statementSlots } from '../integer/statement.ts';
import type { TraceLayout } from '../integer/trace-layout.ts';
import { wholeSlot } from '../integer/wire-source.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { describeRow } from './describe-row.ts';
import { walkNode } from './gadgets/gadgets.ts';
import { inputCheckOf } from './input-modes/input-modes.ts';
import { requireInputWires } from './input-wires.ts';
import { BigForm } from './linear-form.ts';
import { Walk } from './walk.ts';
import type { WireHints } from './wire-hints.ts';

/** What a walk compares: a graph, and hints about the circuit that is claimed to compute it. */
export interface Subject {
  readonly graph: IntegerGraph;
  readonly bounds: Bounds;
  readonly layout: TraceLayout;
  readonly hints: WireHints;
  readonly name: (wire: number) => string;
}

/**
 * Walks the graph from inputs to outputs and matches every gadget with rows of the r1cs (see Walk). Every row must be
 * matched by exactly one gadget, or be harmless (see `unexplainedRows`).
 *
 * @param boolean by wire: 0, or 1 + the row that makes it boolean
 * @throws QuietproofError QP4504 where the wires that the r1cs header counts as inputs are not the circuit's inputs
 */
export function proveCorrespondence(system: ConstraintSystem, subject: Subject, boolean: Uint32Array): Walk {
  requireInputWires(system);
  const { graph, bounds, layout, hints, name } = subject;
  const walk = new Walk(graph, system, bounds, hints, boolean, name);
  const input = inputCheckOf(graph);
  const { inputWire, contextWire } = input.places;
  const slots = statementSlots(layout.end);
  graph.input.max.forEach((max, i) => {
    walk.placeInput(i, inputWire(i), max);
    if (max !== bounds.hi[i] || bounds.lo[i] !== 0) walk.fail('range', `input[${i}]`, 'the bounds differ');
  });
  walkContext(walk, contextWire, slots.contextSquared);
  input.walkRanges(walk);
  for (const node of graph.nodes) walkNode(walk, node, layout);
  for (const id of walk.owed) {
    walk.fail('range', `input[${id}]`, 'no row holds it in range: neither its own, nor a thermometer');
  }
  input.walkSignals(walk, slots.input);
  walkOutputs(walk);
  return walk;
}

/** Pattern "context": some wire is context². The row forbids nothing, and binds the proof to the context. */
function walkContext(walk: Walk, context: number, squareSlot: number): void {
  walk.claim(context, 'context');
  const square = walk.hints.of(wholeSlot(squareSlot));
  const form = BigForm.wire(context);
  if (square > 0 && walk.rows.product(form, form, BigForm.wire(square))) {
    if (walk.claim(square, 'context')) walk.proved('context');
  } else walk.fail('correspondence', 'context', 'no constraint holds it: a proof would not be bound to it');
}

/** Public output j is wire 1 + j and carries value − base, where base is the value's proved minimum. */
function walkOutputs(walk: Walk): void {
  const { outputs, output } = walk.graph.statement;
  outputs.forEach((id, j) => {
    const where = `${OUTPUT_SIGNALS[output]}[${j}]`;
    const form = walk.sum.clear().add(0, -walk.bounds.lo[id]!);
    walk.addValue(form, id, 1);
    const isWire = form.size === 1 && form.value(1 + j) === 1;
    if (isWire) return;
    form.add(1 + j, -1);
    if (walk.rows.linear(form)) walk.claim(1 + j, where);
    else walk.failRow(form, 1 + j, where);
  });
}

/** Reports the rows that no gadget accounts for. @returns the harmless ones among the unmatched rows */
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
