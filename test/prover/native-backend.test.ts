import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { backendNamed } from '../../src/prover/backends.ts';
import { NATIVE_BINARY } from '../support/backends.ts';
import { type SquareCircuit, squareCircuit } from '../support/square-circuit.ts';

// The limit on memory for precomputed multiples.
describe.skipIf(NATIVE_BINARY === undefined)('QUIETPROOF_TABLE_MEMORY', () => {
  let circuit: SquareCircuit;
  beforeAll(async () => {
    circuit = await squareCircuit();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await circuit.remove();
  });

  async function keyMemory(setting: string): Promise<number> {
    vi.stubEnv('QUIETPROOF_TABLE_MEMORY', setting);
    const { memory, release } = await backendNamed('native').share(circuit.zkey);
    release();
    return memory;
  }

  it('limits the memory of a key', async () => {
    expect(await keyMemory('0')).toBeLessThan(await keyMemory('1'));
    expect(await keyMemory('')).toBe(await keyMemory('256'));
  });

  it.each(['many', '-1', '1.5', '1e3'])(
    'refuses a limit that is not a number of MiB: %s',
    async (setting) => {
      await expect(keyMemory(setting)).rejects.toMatchObject({ code: 'QP1001' });
    },
  );
});
