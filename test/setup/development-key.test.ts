import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { elementBytes, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';

const draws = vi.hoisted(() => ({ left: [] as Uint8Array[] }));

vi.mock('node:crypto', async (original) => ({
  ...(await original<typeof import('node:crypto')>()),
  randomFillSync: (bytes: Uint8Array) => bytes.set(draws.left.shift()!),
}));

/** native/prover/src/setup/tests.rs expects the same digest for the same circuit and secrets. */
test('the key for known secrets equals, byte for byte, the one that the native prover writes', async () => {
  const file = new URL('../../native/prover/tests/fixtures/small-circuit.r1cs.bin', import.meta.url);
  const r1cs = readR1cs(await readFile(file));
  const secrets = [power(3n, 1001), power(5n, 1002), power(7n, 1003), power(11n, 1004)];
  draws.left = secrets.map(montgomery);
  const zkey = await developmentSetup(r1cs);
  expect(draws.left).toEqual([]);
  const digest = createHash('sha256').update(zkey).digest('hex');
  expect(digest).toBe('43e7248e53a881335f66beeed8018f9d1fe84115006f60d9b562a937472ec84f');
});

function power(base: bigint, exponent: number): bigint {
  let value = 1n;
  for (let i = 0; i < exponent; i += 1) value = (value * base) % SCALAR_FIELD;
  return value;
}

function montgomery(value: bigint): Uint8Array {
  return elementBytes((value << 256n) % SCALAR_FIELD);
}
