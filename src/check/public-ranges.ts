import {
  type AnyInterface,
  featureCount,
  featuresOf,
  type InputReading,
  MAX_CONTEXT,
  type OutputReading,
  type Reading,
  Refusal,
  readingOf,
} from '@quietproof/verify';
import type { IntegerGraph, IntegerNode } from '../integer/integer-graph.ts';
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
 * from), and 248 bits for the context. An interface of either version is read as verifiers read it.
 *
 * @returns what differs
 */
export function comparePublicRanges(
  graph: IntegerGraph,
  ranges: ValueRanges,
  modelInterface: AnyInterface,
): Problem[] {
  let reading: Reading;
  try {
    reading = readingOf(modelInterface);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [{ claim: 'range', where: 'interface', what: `verifiers refuse it: ${error.message}` }];
  }
  return [
    ...misreadings(graph, reading),
    ...wrongRanges(graph, ranges, reading),
    ...strayGroups(modelInterface),
  ];
}

/** Version 1 lists its signals: outputs, input and context, and readers ignore any others. */
function strayGroups(modelInterface: AnyInterface): Problem[] {
  if (modelInterface.version !== 'quietproof/interface/v1' || modelInterface.signals.length === 3) return [];
  return [{ claim: 'range', where: 'interface', what: 'it names more signals than the circuit has' }];
}

function wrongRanges(graph: IntegerGraph, ranges: ValueRanges, reading: Reading): Problem[] {
  const { group } = inputCheckOf(graph);
  const { input, statement } = graph;
  const { outputs: ids } = statement;
  const { plan, outputs } = reading;
  const widths = Array.from(ids, (id) => String(ranges.hi[id]! - ranges.lo[id]!));
  const lows = Array.from(ids, (id) => String(ranges.lo[id]!));
  return [
    ...differences('interface, outputs', plan.output, widths),
    ...differences(`interface, ${group.role}`, plan.input, spread(group.max, group.count)),
    ...differences('interface, context', plan.max.slice(plan.output.length + plan.input.length), [
      MAX_CONTEXT.toString(),
    ]),
    ...differences('interface, input encoding', featureMax(reading.input, input.count), input.max),
    ...differences('interface, outputs, lo', outputs.flatMap(lowsOf), lows),
  ];
}

/** The first place where what verifiers enforce is not what was proved. */
function differences(
  where: string,
  own: readonly (bigint | number)[],
  proved: ArrayLike<string | number>,
): Problem[] {
  const count = Math.max(own.length, proved.length);
  for (let i = 0; i < count; i += 1) {
    const [enforced, range] = [own[i], proved[i]];
    if (enforced !== undefined && range !== undefined && String(enforced) === String(range)) continue;
    const what = `verifiers enforce ${enforced ?? 'nothing'}, proved is ${range ?? 'nothing'}`;
    return [{ claim: 'range', where: `${where}[${i}]`, what }];
  }
  return [];
}

/** Empty if the number of features differs: an interface of version 1 may claim any. */
function featureMax(input: InputReading, count: number): number[] {
  return featureCount(input) === count ? featuresOf(input).map(({ encoding }) => encoding.max) : [];
}

/** Verifiers read the signals as the interface says, so it must say what the graph computes. */
function misreadings(graph: IntegerGraph, { input, outputs }: Reading): Problem[] {
  const { input: stated, outputs: ids } = graph.statement;
  const ends = new Map(graph.nodes.map((node) => [node.first, node]));
  let first = 0;
  const wrong = outputs.flatMap(({ kind, max }) => {
    const own = ids.subarray(first, first + max.length);
    first += max.length;
    const computed = outputKindOf(own, ends);
    return kind === computed ? [] : [`it says that the output is ${kind}, and it is ${computed}`];
  });
  return [
    ...(input.mode === stated ? [] : [`it says that the input is ${input.mode}, and it is ${stated}`]),
    ...wrong.slice(0, 1),
  ].map((what) => ({ claim: 'correspondence', where: 'interface', what }));
}

/** Decided by the node of a single value; several values, or the value of any other node, are scores. */
function outputKindOf(ids: Int32Array, byFirst: ReadonlyMap<number, IntegerNode>): OutputReading['kind'] {
  const [first, ...more] = ids;
  const node = first === undefined || more.length > 0 ? undefined : byFirst.get(first);
  if (node?.count !== 1) return 'scores';
  switch (node.op) {
    case 'argmax':
      return 'label';
    case 'threshold':
      return 'decision';
    case 'linear':
    case 'requantize':
    case 'table':
    case 'max':
    case 'multiply':
    case 'compare':
    case 'divide':
    case 'thermometer':
    case 'select':
    case 'tree-leaves':
      return 'scores';
  }
}

/** What verifiers add to the output signals to get the outputs. */
function lowsOf(output: OutputReading): readonly bigint[] {
  switch (output.kind) {
    case 'scores':
      return output.lo;
    case 'label':
    case 'decision':
    case 'category':
      return [0n];
  }
}

function spread(max: string | readonly string[], count: number): readonly string[] {
  return typeof max === 'string' ? new Array<string>(count).fill(max) : max;
}
