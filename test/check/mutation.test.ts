import { afterAll, describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { wireNames } from '../../src/check/wire-hints.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { GraphMaker, RELU, TEST_GRAPHS } from '../circuit/support/graphs.ts';
import { compileGraph } from './compile-checked.ts';
import { mutants } from './mutants.ts';

const GRAPHS: Readonly<Record<string, () => IntegerGraph>> = {
  ...Object.fromEntries(Object.entries(TEST_GRAPHS).map(([name, make]) => [name, () => make().graph])),
  'digest of the input': () => {
    const maker = new GraphMaker([1, 15, 255], 11);
    const hidden = maker.requantize(maker.block(2, 1, 3, [0, 1, 2]), 2, RELU);
    return maker.finish('logits', maker.block(2, 1, 2, Array.from(hidden)), 'digest');
  },
  'digest of an input that a thermometer holds in range': () => {
    const maker = new GraphMaker([200, 15], 11);
    const [a, b] = maker.thermometer(0, [9, 130]);
    return maker.finish('logits', maker.sums([0, [4, a!], [-3, b!], [1, 1]]), 'digest');
  },
};

/** Number of mutants by gadget and change. */
const counts = new Map<string, number>();

describe.each(Object.entries(GRAPHS))('mutants of a circuit of %s', (_, make) => {
  it('are all caught, and the circuit itself is proved', async () => {
    const circuit = await compileGraph(make());
    expect(checkCircuit(circuit).problems).toEqual([]);
    const survivors: string[] = [];
    for (const { gadget, change, circuit: mutant } of mutants(circuit, wireNames(circuit.sym))) {
      const soundness = checkCircuit({ ...mutant, searchCounterexample: false });
      const key = `${gadget.replaceAll(/layer\d+(_\d+)?/g, 'layer')}: ${change.split(' ').slice(0, 1)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (soundness.verdict === 'proved') survivors.push(`${gadget}: ${change}`);
    }
    expect(survivors).toEqual([]);
  });
});

afterAll(() => {
  const lines = Array.from(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = lines.reduce((sum, [, count]) => sum + count, 0);
  const table = lines.map(([key, count]) => `${String(count).padStart(6)}  ${key}`);
  process.stdout.write(`${['mutants by gadget and class', ...table, `${total} in all`].join('\n')}\n`);
});
