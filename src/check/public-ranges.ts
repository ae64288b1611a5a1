import { MAX_CONTEXT, type ModelInterface, R, type SignalGroup } from '@quietproof/verify';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { Problem } from './problem.ts';

/** Proved intervals of values, by id. */
export interface ValueRanges {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/**
 * The ranges that verifiers enforce on public signals are exactly the proved ones: an output's is [0, hi − lo] of its
 * proved interval, an input's what the graph's bounds start from, a digest's the field, a context's 248 bits.
 *
 * @returns what differs
 */
export function comparePublicRanges(
  graph: IntegerGraph,
  ranges: ValueRanges,
  face: ModelInterface,
): Problem[] {
  const problems: Problem[] = [];
  const { statement, input } = graph;
  const outputs = Array.from(statement.outputs, (id) => String(ranges.hi[id]! - ranges.lo[id]!));
  const inputs = Array.from(input.max, String);
  const expected: SignalGroup[] = [
    { role: 'output', count: outputs.length, max: outputs },
    statement.input === 'public'
      ? { role: 'input', count: inputs.length, max: inputs }
      : { role: 'digest', count: 1, max: (R - 1n).toString() },
    { role: 'context', count: 1, max: MAX_CONTEXT.toString() },
  ];
  const compare = (where: string, own: readonly string[], proved: readonly string[]) => {
    const differs = proved.findIndex((value, i) => own[i] !== value);
    if (differs === -1 && own.length === proved.length) return;
    const place = `${where}[${Math.max(differs, 0)}]`;
    const what = `verifiers enforce ${own[differs] ?? 'nothing'}, proved is ${proved[differs] ?? 'nothing'}`;
    problems.push({ claim: 'range', where: place, what });
  };
  expected.forEach(({ role, count, max }, k) => {
    const group = face.signals[k];
    if (group?.role !== role || group.count !== count) {
      problems.push({
        claim: 'range',
        where: 'interface',
        what: `signal group ${k} is not ${count} × ${role}`,
      });
    } else compare(`interface, ${role}`, spread(group.max, count), spread(max, count));
  });
  if (face.signals.length !== expected.length) {
    problems.push({ claim: 'range', where: 'interface', what: 'it names more signals than the circuit has' });
  }
  compare('interface, input encoding', spread(face.input.encoding.max, inputs.length), inputs);
  if (face.output.kind === 'logits') {
    const lows = Array.from(statement.outputs, (id) => String(ranges.lo[id]!));
    compare('interface, logits lo', face.output.lo, lows);
  }
  return problems;
}

function spread(max: string | readonly string[], count: number): readonly string[] {
  return typeof max === 'string' ? new Array<string>(count).fill(max) : max;
}
