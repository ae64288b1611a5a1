import { describe, expect, it } from 'vitest';
import { snarkjsBackend } from '../../src/prover/snarkjs-backend.ts';
import { thisMachine, workerCount } from '../../src/prover/worker-count.ts';

const GIB = 2 ** 30;
const key = 10 * 2 ** 20;

describe('workerCount', () => {
  it('runs one prover per core if there is enough memory and enough rows', () => {
    const machine = { cores: 8, freeMemory: 16 * GIB };
    expect(workerCount(snarkjsBackend, key, 100, undefined, machine)).toEqual({
      workers: 8,
      limitedBy: 'cores',
    });
  });

  it('starts no more workers than there are rows', () => {
    const machine = { cores: 8, freeMemory: 16 * GIB };
    expect(workerCount(snarkjsBackend, key, 3, undefined, machine)).toEqual({
      workers: 3,
      limitedBy: 'rows',
    });
  });

  it('starts fewer if memory is short', () => {
    const machine = { cores: 32, freeMemory: 1 * GIB };
    const { workers, limitedBy } = workerCount(snarkjsBackend, key, 100, undefined, machine);
    expect(limitedBy).toBe('memory');
    expect(workers).toBeGreaterThan(1);
    expect(workers * snarkjsBackend.workingMemory(key) + key).toBeLessThan(GIB);
  });

  it('is at least one', () => {
    const machine = { cores: 4, freeMemory: 1000 };
    expect(workerCount(snarkjsBackend, 5 * GIB, 10, undefined, machine).workers).toBe(1);
  });

  it('uses the requested number, up to the number of rows', () => {
    const machine = { cores: 2, freeMemory: 1000 };
    expect(workerCount(snarkjsBackend, key, 100, 7, machine)).toEqual({ workers: 7, limitedBy: 'request' });
    expect(workerCount(snarkjsBackend, key, 2, 7, machine).workers).toBe(2);
  });

  it('finds cores and free memory on this machine', () => {
    const { cores, freeMemory } = thisMachine();
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(freeMemory).toBeGreaterThan(0);
  });
});
