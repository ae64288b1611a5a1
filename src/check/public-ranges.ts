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
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { inputCheckOf } from './input-modes/input-modes.ts';
import type { Problem } from './problem.ts';

/** Proved intervals of values, by id. */
export interface ValueRanges {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/**
 * The ranges that verifiers enforce on public signals are exactly the proved ones: an output's is [0, hi − lo] of its
 * proved interval, the input's what its mode says (values: what the graph's bounds start from), a context's 248 bits.
 * They are read from an interface of either version as verifiers read it.
 *
 * @returns what differs
 */
export function comparePublicRanges(graph: IntegerGraph, ranges: ValueRanges, face: AnyInterface): Problem[] {
  let reading: Reading;
  try {
    reading = readingOf(face);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [{ claim: 'range', where: 'interface', what: `verifiers refuse it: ${error.message}` }];
  }
  return [...misreadings(graph, reading), ...wrongRanges(graph, ranges, reading), ...strayGroups(face)];
}

/** Version 1 lists its signals: outputs, input and context, of which readers look at no more. */
function strayGroups(face: AnyInterface): Problem[] {
  if (face.version !== 'quietproof/interface/v1' || face.signals.length === 3) return [];
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
  for (let i = 0; i < count; i++) {
    const [enforced, range] = [own[i], proved[i]];
    if (enforced !== undefined && range !== undefined && String(enforced) === String(range)) continue;
    const what = `verifiers enforce ${enforced ?? 'nothing'}, proved is ${range ?? 'nothing'}`;
    return [{ claim: 'range', where: `${where}[${i}]`, what }];
  }
  return [];
}

/** None where the number of features is another: an interface of version 1 may claim any. */
function featureMax(input: InputReading, count: number): number[] {
  return featureCount(input) === count ? featuresOf(input).map(({ encoding }) => encoding.max) : [];
}

/** Verifiers read the signals as the interface says: it must say what the graph computes. */
function misreadings(graph: IntegerGraph, { input, outputs }: Reading): Problem[] {
  const computed = outputKindOf(graph);
  const { input: stated } = graph.statement;
  const other = outputs.find(({ kind }) => kind !== computed);
  return [
    ...(input.mode === stated ? [] : [`it says that the input is ${input.mode}, and it is ${stated}`]),
    ...(other === undefined ? [] : [`it says that the output is ${other.kind}, and it is ${computed}`]),
  ].map((what) => ({ claim: 'correspondence', where: 'interface', what }));
}

/** By the node that gives the one output; several outputs, and any other node's, are scores. */
function outputKindOf({ nodes, statement }: IntegerGraph): OutputReading['kind'] {
  const [first, ...more] = statement.outputs;
  const node = more.length > 0 ? undefined : nodes.find((own) => own.first === first && own.count === 1);
  switch (node?.op) {
    case 'argmax':
      return 'label';
    case 'threshold':
      return 'decision';
    case 'linear':
    case 'requantize':
    case 'max':
    case undefined:
      return 'scores';
  }
}

/** What verifiers add to the output signals to read them. */
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
