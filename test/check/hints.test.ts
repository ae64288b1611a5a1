import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { TEST_GRAPHS } from '../circuit/support/graphs.ts';
import { compileGraph } from './compile-checked.ts';

describe('names of signals', () => {
  it('are only hints: without them, or with wrong ones, a sound circuit is unproved, but not shown unsound', async () => {
    const circuit = await compileGraph(TEST_GRAPHS['every clamp, rounding shift']!().graph);
    expect(checkCircuit(circuit).verdict).toBe('proved');
    const reversed = Array.from(circuit.sources, ([name, wires]) => [name, wires.toReversed()] as const);
    for (const sources of [new Map(), new Map(reversed)]) {
      expect(checkCircuit({ ...circuit, sources }).verdict).toBe('unknown');
    }
  });
});
