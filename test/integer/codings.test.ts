import { parseJson } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { checkIntegerGraph } from '../../src/integer/check-integer-graph.ts';
import { codingRuns } from '../../src/integer/coding-runs.ts';
import type { FeatureCoding, IntegerGraph } from '../../src/integer/integer-graph.ts';
import { integerGraphJson, parseIntegerGraph } from '../../src/integer/integer-graph-json.ts';
import { TEST_GRAPHS } from '../circuit/support/graphs.ts';

const affine = { kind: 'affine', offset: -1.5, step: 0.25 } as const;
const rank = { kind: 'rank32', nan: 'refused' } as const;
const purpose = { kind: 'category', values: ['car', 'a \u00e9"'], unknown: 'coded' } as const;
const orMissing = { kind: 'rank32', nan: 'coded' } as const;

/** A graph of some other circuit, with these codings. */
function graphWith(...codings: FeatureCoding[]): IntegerGraph {
  const { graph } = Object.values(TEST_GRAPHS)[0]!();
  const count = codings.length;
  const max = Float64Array.from(codings, ({ kind }) => (kind === 'affine' ? 255 : 4278190080));
  return { ...graph, input: { name: 'x', shape: [count], count, codings, max } };
}

describe('codings of features', () => {
  it('are the same after they are written and read, in every mixture', () => {
    for (const codings of [
      [affine],
      [rank, rank],
      [affine, rank, rank, orMissing, affine, purpose, purpose],
    ]) {
      const graph = graphWith(...codings);
      expect(parseIntegerGraph(integerGraphJson(graph)).input).toEqual(graph.input);
    }
  });

  it('are written as offsets and steps where all are affine, else as runs', () => {
    const input = (graph: IntegerGraph) =>
      (parseJson(integerGraphJson(graph), 1e6) as ReadonlyMap<string, ReadonlyMap<string, unknown>>).get(
        'input',
      )!;
    expect([...input(graphWith(affine)).keys()]).toEqual(['max', 'name', 'offset', 'shape', 'step']);
    const mixed = input(graphWith(affine, rank, rank));
    expect([...mixed.keys()]).toEqual(['codings', 'max', 'name', 'shape']);
    expect(mixed.get('codings')).toHaveLength(2);
  });

  it.each([
    ['both forms', { step: ['1'], offset: ['0'] }],
    ['another kind', { codings: [{ kind: 'integer', count: 1 }] }],
    ['no features', { codings: [{ kind: 'rank32', nan: 'coded', count: 0 }] }],
    ['offsets without steps', { codings: [{ kind: 'affine', offset: ['0'], step: [] }] }],
  ])('are refused with %s', (_, change) => {
    const json = JSON.parse(integerGraphJson(graphWith(rank))) as { input: object };
    Object.assign(json.input, change);
    expect(() => parseIntegerGraph(JSON.stringify(json))).toThrow(/^QP70/);
  });

  it('are as many as there are ranges', () => {
    const graph = graphWith(rank, rank);
    const fewer = { ...graph, input: { ...graph.input, codings: [rank] } };
    expect(() => checkIntegerGraph(fewer)).toThrow(/QP3901/);
  });
});

it('Runs of features have one kind, and the same rank or categories', () => {
  const other = { ...purpose, values: ['car'] };
  const runs = codingRuns([
    ...[affine, { ...affine, step: 1 }, rank, rank, orMissing, affine],
    ...[purpose, { ...purpose }, other],
  ]);
  expect(runs.map(({ first, codings }) => [first, codings.length])).toEqual([
    [0, 2],
    [2, 2],
    [4, 1],
    [5, 1],
    [6, 2],
    [8, 1],
  ]);
});
