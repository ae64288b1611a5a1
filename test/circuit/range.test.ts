import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileTemplate, quiet } from './support/compile-template.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('Range', () => {
  it.each([
    [1, 1],
    [2, 3],
    [8, 9],
    [53, 54],
    [253, 254],
  ])('of %i bits costs %i constraints and leaves nothing open', async (bits, constraints) => {
    const circuit = await compileTemplate(`include "range.circom";\ncomponent main = Range(${bits});`);
    expect(circuit.constraintCount).toBe(constraints);
    expect(circuit.undetermined()).toEqual([]);
    const largest = (1n << BigInt(bits)) - 1n;
    for (const value of [0n, 1n, largest]) {
      expect(circuit.violated(await circuit.calculate({ in: value }))).toEqual([]);
    }
    quiet();
    await expect(circuit.calculate({ in: largest + 1n })).rejects.toThrow(/Assert Failed/);
  });

  it('refuses forged bits', async () => {
    const circuit = await compileTemplate('include "range.circom";\ncomponent main = Range(8);');
    const honest = await circuit.calculate({ in: 200n });
    // 200 = 0b11001000
    expect(circuit.forged(honest, {})).toEqual([]);
    expect(circuit.forged(honest, { 'bit[0]': 1n })).toHaveLength(1);
    expect(circuit.forged(honest, { 'bit[2]': 2n, 'bit[3]': 0n })).toHaveLength(1);
    // The sum holds, but one bit is not boolean.
    expect(circuit.forged(honest, { in: 456n, 'bit[7]': 3n })).toHaveLength(1);
    expect(circuit.forged(honest, { in: 256n })).toHaveLength(1);
    expect(circuit.forged(honest, { in: 201n })).toHaveLength(1);
    expect(circuit.forged(honest, { in: 201n, 'bit[0]': 1n })).toEqual([]);
  });
});
