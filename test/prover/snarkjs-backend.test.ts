import { expect, it } from 'vitest';
import { snarkjsBackend } from '../../src/prover/snarkjs-backend.ts';

it('the snarkjs backend builds the curve once, in this thread', async () => {
  const load = () =>
    snarkjsBackend.load({
      path: 'circuit.zkey',
      bytes: new SharedArrayBuffer(0),
      // Neither is used before the first proof.
      verificationKey: {} as never,
      threads: 1,
    });
  const cache = globalThis as { curve_bn128?: { tm: { singleThread: boolean } } };
  await load();
  const curve = cache.curve_bn128;
  expect(curve?.tm.singleThread).toBe(true);
  await load();
  expect(cache.curve_bn128).toBe(curve);
});
