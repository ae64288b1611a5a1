import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { givesEntries } from '../../src/check/gadgets/table-value.ts';
import { sampleRows } from '../../src/check/sample-rows.ts';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { tabulatedFacts } from '../../src/graph/functions/tabulated-facts.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import type { IntegerGraph, Table } from '../../src/integer/integer-graph.ts';
import { tableForm } from '../../src/integer/table-form.ts';
import { cheapestTable } from '../../src/quantize/lower/table.ts';
import { tableWindow } from '../../src/quantize/table-window.ts';
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

/** e^x for in[0] from −7.5 to 0, by segments; an input of 8 bits. */
function exponential(changed?: number): IntegerGraph {
  const maker = new GraphMaker([255], 1);
  const fn = { name: 'exp' } as const;
  const scale = 7.5 / 256;
  const window = tableWindow('t', tabulatedFacts(fn), { min: -7.5, max: 0 }, scale, 8);
  const { entries } = cheapestTable(fn, window, scale, 8, 1);
  const own = Array.from(entries);
  if (changed !== undefined) own[changed]! += 1;
  return maker.finish('logits', maker.table(Int32Array.of(0), 0, 0, own));
}

describe('an exponential by segments whose circuit is wrong on purpose', () => {
  it('is proved as it is', async () => {
    const { verdict, correspondence } = checkCircuit(await compileGraph(exponential()));
    expect([verdict, correspondence.gadgets['table, direct']]).toEqual(['proved', 1]);
  });

  it('is caught where a product wraps', async () => {
    const factor = 'var factor = value - leastFactor;';
    const template = await broken([[factor, 'var factor = value - leastFactor + 2 ** 252;']]);
    const { verdict, claims } = checkCircuit(await compileGraph(exponential(), template));
    expect([verdict, claims.correspondence]).toEqual(['counterexample', 'unknown']);
  });

  it('is caught where the rest lacks a bit', async () => {
    const template = await broken([['if (k + 1 == fine) {', 'if (k + 2 == fine) {']]);
    const { claims } = checkCircuit(await compileGraph(exponential(), template));
    expect(claims.correspondence).toBe('unknown');
  });

  it('is caught where one entry is another', async () => {
    const graph = exponential();
    const { sources } = deriveCircuit(graph);
    const circuit = { ...(await compileGraph(graph)), sources, graph: exponential(77) };
    expect(checkCircuit({ ...circuit, searchCounterexample: false }).verdict).toBe('unknown');
  });

  it('has no proof by numbers that doubles round', () => {
    const form = tableForm(
      { entries: Float64Array.of(1, 2, 3, 5, 8, 9, 9, 7), shift: 0, offset: 0 } as Table,
      0,
      7,
    );
    if (form.kind === 'constant') throw new Error('the table varies');
    const parts = form.values.parts.map((part) => ({
      ...part,
      coefficients: part.coefficients.map((c) => c + 2 ** 60),
    }));
    const wide = { ...form, values: { ...form.values, parts } };
    const { fine } = wide.values;
    const rounded = (index: number) =>
      parts.reduceRight((sum, { coefficients }) => {
        let own = 0;
        coefficients.forEach((c, mask) => {
          if ((Math.floor(index / 2 ** fine) & mask) === mask) own += c;
        });
        return sum * (index % 2 ** fine) + own;
      }, 0);
    expect(givesEntries(wide, (index) => ({ upper: rounded(index), lower: 0 }))).toBe(false);
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
