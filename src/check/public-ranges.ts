import {
  MAX_CONTEXT,
  type ModelInterface,
  type OutputInterface,
  type OutputKind,
  orderedGroups,
} from '@quietproof/verify';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { inputCheckOf } from './input-modes/input-modes.ts';
import type { Problem } from './problem.ts';

/** Proved intervals of values, by id. */
export interface ValueRanges {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/**
 * Checks that the ranges that verifiers enforce on public signals are exactly the proved ones: [0, hi − lo] of an
 * output's proved interval, the input mode's range for the input (for values, the range that the graph's bounds start
 * from), and 248 bits for the context.
 *
 * @returns what differs
 */
export function comparePublicRanges(
  graph: IntegerGraph,
  ranges: ValueRanges,
  modelInterface: ModelInterface,
): Problem[] {
  const problems = misreadings(graph, modelInterface);
  const { statement, input } = graph;
  const outputs = Array.from(statement.outputs, (id) => String(ranges.hi[id]! - ranges.lo[id]!));
  const inputs = Array.from(input.max, String);
  const expected = orderedGroups({
    outputs: { role: 'output', count: outputs.length, max: outputs },
    input: inputCheckOf(graph).group,
    context: { role: 'context', count: 1, max: MAX_CONTEXT.toString() },
  });
  const compare = (where: string, own: readonly string[], proved: readonly string[]) => {
    const differs = proved.findIndex((value, i) => own[i] !== value);
    if (differs === -1 && own.length === proved.length) return;
    const place = `${where}[${Math.max(differs, 0)}]`;
    const what = `verifiers enforce ${own[differs] ?? 'nothing'}, proved is ${proved[differs] ?? 'nothing'}`;
    problems.push({ claim: 'range', where: place, what });
  };
  expected.forEach(({ role, count, max }, k) => {
    const group = modelInterface.signals[k];
    if (group?.role !== role || group.count !== count) {
      problems.push({
        claim: 'range',
        where: 'interface',
        what: `signal group ${k} is not ${count} × ${role}`,
      });
    } else compare(`interface, ${role}`, spread(group.max, count), spread(max, count));
  });
  if (modelInterface.signals.length !== expected.length) {
    problems.push({ claim: 'range', where: 'interface', what: 'it names more signals than the circuit has' });
  }
  compare('interface, input encoding', spread(modelInterface.input.encoding.max, inputs.length), inputs);
  const lows = Array.from(statement.outputs, (id) => String(ranges.lo[id]!));
  const { output } = modelInterface;
  compare(`interface, ${output.kind} lo`, lowsOf(output), lows);
  return problems;
}

/** Verifiers read the signals as the interface says, so it must say what the graph computes. */
function misreadings(graph: IntegerGraph, { input, output }: ModelInterface): Problem[] {
  const computed = outputKindOf(graph);
  const { input: stated } = graph.statement;
  return [
    ...(input.mode === stated ? [] : [`it says that the input is ${input.mode}, and it is ${stated}`]),
    ...(output.kind === computed ? [] : [`it says that the output is ${output.kind}, and it is ${computed}`]),
  ].map((what) => ({ claim: 'correspondence', where: 'interface', what }));
}

/** Decided by the node of a single output; several outputs, or the output of any other node, are logits. */
function outputKindOf({ nodes, statement }: IntegerGraph): OutputKind {
  const [first, ...more] = statement.outputs;
  const node = more.length > 0 ? undefined : nodes.find((own) => own.first === first && own.count === 1);
  switch (node?.op) {
    case 'argmax':
    case 'threshold':
      return node.op;
    case 'linear':
    case 'requantize':
    case 'max':
    case undefined:
      return 'logits';
  }
}

/** What verifiers add to the output signals to get the outputs. */
function lowsOf(output: OutputInterface): readonly string[] {
  switch (output.kind) {
    case 'logits':
      return output.lo;
    case 'argmax':
    case 'threshold':
      return ['0'];
  }
}

function spread(max: string | readonly string[], count: number): readonly string[] {
  return typeof max === 'string' ? new Array<string>(count).fill(max) : max;
}
