import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { sampleRows } from '../../src/check/sample-rows.ts';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { GraphMaker } from '../circuit/support/graphs.ts';
import { compileGraph } from './compile-checked.ts';

const FILE = 'table.circom';

/** An odd table of in[0] − in[1]; two inputs of 6 bits. */
function odd(changed?: number): IntegerGraph {
  const maker = new GraphMaker([63, 63], 1);
  const sum = maker.block(1, 1, 2, [0, 1]);
  const [node] = maker.nodes;
  if (node?.op !== 'linear') throw new Error('a block is a linear node');
  node.blocks[0]!.weights.set([1, -1]);
  node.bias.fill(0);
  const upper = Array.from({ length: 64 }, (_, j) => Math.floor(40 * Math.sqrt(j + 1)));
  const entries = [...upper.map((value) => -value).reverse(), ...upper];
  if (changed !== undefined) entries[changed]! += 1;
  return maker.finish('logits', maker.table(sum, 0, 64, entries));
}

/** The template with some of its text replaced; each part must be there. */
async function broken(edits: readonly (readonly [string, string])[]): Promise<Record<string, string>> {
  let text = (await circuitTemplates()).get(FILE)!;
  for (const [part, replacement] of edits) {
    expect(text).toContain(part);
    text = text.replace(part, replacement);
  }
  return { [FILE]: text };
}

describe('a table whose circuit is wrong on purpose', () => {
  it('is proved as it is', async () => {
    const soundness = checkCircuit(await compileGraph(odd()));
    expect([soundness.verdict, soundness.correspondence.gadgets['table, mirrored']]).toEqual(['proved', 1]);
  });

  it('is caught where 0 has two signs', async () => {
    const template = await broken([
      ['magnitude = (1 - 2 * s) * v - s;', 'magnitude = (1 - 2 * s) * v;'],
      ['v * (1 - 2 * s) === sum + s;', 'v * (1 - 2 * s) === sum;'],
    ]);
    const { problems, claims } = checkCircuit(await compileGraph(odd(), template));
    expect(claims.determinism).toBe('unknown');
    expect(problems.map(({ what }) => what).join()).toMatch(/nothing determines it: .*sign\[0\]/);
  });

  it('is caught where a bit of the index is not boolean', async () => {
    const row = 'bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;';
    const template = await broken([[row, `if (k != 2) { ${row} }`]]);
    const { problems, claims } = checkCircuit(await compileGraph(odd(), template));
    expect(claims.determinism).toBe('unknown');
    expect(problems.map(({ what }) => what).join()).toMatch(/nothing determines it: .*bit\[\d\]/);
  });

  it('is caught where a guard is not read', async () => {
    const graph = beyond();
    expect(checkCircuit(await compileGraph(graph)).verdict).toBe('proved');
    const guard = '(1 - bit[guardFrom + k - form[r][2]])';
    const { claims } = checkCircuit(await compileGraph(graph, await broken([[guard, '1']])));
    expect(claims.correspondence).toBe('unknown');
  });

  it('is caught where one entry is wrong that no row reaches', async () => {
    const graph = odd();
    const rows = sampleRows(graph, 64);
    const reached = new Set(rows.map((row) => Math.min(Math.max(row[0]! - row[1]! + 64, 0), 127)));
    const missed = Array.from({ length: 126 }, (_, i) => i + 1).filter((index) => !reached.has(index));
    const wrong = odd(missed[0]!);
    for (const row of rows) expect(executeInteger(wrong, row)).toEqual(executeInteger(graph, row));
    const { sources } = deriveCircuit(graph);
    const circuit = { ...(await compileGraph(graph)), sources, graph: wrong, searchCounterexample: false };
    const { verdict, claims } = checkCircuit(circuit);
    expect([verdict, claims.correspondence]).toEqual(['unknown', 'unknown']);
  });
});

/** A table that in[0] + in[1] − 20 leaves at both ends; two inputs of 6 bits. */
function beyond(): IntegerGraph {
  const maker = new GraphMaker([63, 63], 2);
  const sum = maker.block(1, 1, 2, [0, 1]);
  const [node] = maker.nodes;
  if (node?.op !== 'linear') throw new Error('a block is a linear node');
  node.blocks[0]!.weights.set([1, 1]);
  node.bias.fill(-20);
  return maker.finish('logits', maker.table(sum, 1, 0, [3, 1, 4, 1, 5, 9, 2, 6]));
}
