import { describe, expect, it } from 'vitest';
import { sampleRows } from '../../src/check/sample-rows.ts';
import { GraphMaker } from '../circuit/support/graphs.ts';

describe('sample rows of a graph with thermometers', () => {
  const maker = new GraphMaker([4_278_190_080, 4_278_190_080], 1);
  const cuts = [1_000_000_000, 1_000_000_003, 2_139_095_040];
  const graph = maker.finish('logits', maker.thermometer(1, cuts));
  const rows = sampleRows(graph, 64);

  it('lie on every cut and just below it, where random ones hardly ever do', () => {
    const read = new Set(rows.map((row) => row[1]!));
    for (const cut of cuts) expect([read.has(cut - 1), read.has(cut)]).toEqual([true, true]);
    expect(rows.some((row) => cuts.includes(row[0]!))).toBe(false);
  });

  it('are the same every time, and within range', () => {
    expect(sampleRows(graph, 64)).toEqual(rows);
    expect(rows.flatMap((row) => [...row]).every((value) => value >= 0 && value <= 4_278_190_080)).toBe(true);
  });
});
