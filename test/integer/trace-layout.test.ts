import { describe, expect, it, test } from 'vitest';
import { computeBounds, executeInteger } from '../../src/integer/execute.ts';
import type { max } from '../../src/integer/max.ts';
import { PRIMITIVES, primitiveOf } from '../../src/integer/primitives.ts';
import { TraceLayout } from '../../src/integer/trace-layout.ts';
import { bitOf, slotOf } from '../../src/integer/wire-source.ts';
import { GraphMaker, TEST_GRAPHS } from '../circuit/support/graphs.ts';

interface Written {
  readonly name: string;
  readonly bits: number | undefined;
  readonly value: number;
}

/** Records the names and numbers that a primitive writes. */
class Recorder {
  readonly written: Written[] = [];

  bits(name: string, bits: number, value: number): void {
    this.written.push({ name, bits, value });
  }

  whole(name: string, value: number): void {
    this.written.push({ name, bits: undefined, value });
  }
}

describe.each(Object.entries(TEST_GRAPHS))('the trace of %s', (_, make) => {
  const { maker, graph } = make();
  const bounds = computeBounds(graph);
  const layout = new TraceLayout(graph, bounds);

  it('holds, for every row, the numbers that the layout names, in its order, each in its own slot', () => {
    for (const row of maker.rows(40)) {
      const values = executeInteger(graph, row);
      const trace = layout.traceOf(values);
      expect(trace).toHaveLength(layout.end);
      let slot = values.length;
      for (const node of graph.nodes) {
        const primitive = primitiveOf(node);
        const write = primitive.auxiliary(node, bounds);
        for (let index = 0; index < node.count; index += 1) {
          const recorder = new Recorder();
          write?.(index, values, recorder);
          const first = slot;
          const expected = recorder.written.map(({ name, bits }, k) => ({ name, bits, slot: first + k }));
          slot += expected.length;
          expect(layout.auxiliariesOf(node.first + index)).toEqual(expected);
          for (const [k, { name, bits, value }] of recorder.written.entries()) {
            expect(primitive.auxiliaries[name]).toBe(bits === undefined ? 'whole' : 'bits');
            expect(trace[expected[k]!.slot]).toBe(value);
            expect(value >= 0 && value < 2 ** (bits ?? 53) && Number.isInteger(value)).toBe(true);
          }
        }
      }
      expect(slot).toBe(layout.end);
    }
  });

  it('holds every value less its minimum, by id', () => {
    const [row] = maker.rows(1);
    const values = executeInteger(graph, row!);
    const trace = layout.traceOf(values);
    values.forEach((value, id) => {
      expect(trace[id]).toBe(value - bounds.lo[id]!);
    });
  });
});

test('the test graphs hold every primitive', () => {
  const ops = Object.values(TEST_GRAPHS).flatMap((make) => make().graph.nodes.map(({ op }) => op));
  expect([...new Set(ops)].sort()).toEqual(Object.keys(PRIMITIVES).sort());
});

describe('a cursor', () => {
  const maker = new GraphMaker([7, 7, 7], 1);
  const [id] = maker.max([0, 1, 2], 3);
  const graph = maker.finish('logits', Int32Array.of(id!));
  const layout = new TraceLayout(graph, computeBounds(graph));
  const cursor = () => layout.cursor<typeof max.auxiliaries>(id!);

  it('steps through the auxiliaries of an output by name', () => {
    const aux = cursor();
    const first = aux.bits('bit');
    expect([slotOf(first(0)), bitOf(first(0)), slotOf(first(3)), bitOf(first(3))]).toEqual([4, 0, 4, 3]);
    expect([slotOf(aux.whole('larger')), slotOf(aux.bits('bit')(0))]).toEqual([5, 6]);
    expect(bitOf(aux.whole('larger'))).toBeUndefined();
    expect(layout.end).toBe(8);
  });

  it('stops at a name out of turn, and after the last', () => {
    expect(() => cursor().whole('larger')).toThrow('the next auxiliary is bit, not larger');
    const aux = cursor();
    for (let k = 0; k < 2; k += 1) {
      aux.bits('bit');
      aux.whole('larger');
    }
    expect(() => aux.bits('bit')).toThrow('the next auxiliary is none, not bit');
  });
});
