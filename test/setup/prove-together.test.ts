import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey, type Zkey } from '../../src/formats/zkey.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';
import { ProveTogether } from '../../src/setup/prove-together.ts';
import { compileSmall, holdCurve, type SmallCircuit, temporaryFolder } from '../support/small-circuit.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let circuit: SmallCircuit;
let key: Uint8Array;
let release: () => Promise<void>;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  circuit = await compileSmall(folder.path);
  key = await developmentSetup(readR1cs(await readFile(circuit.r1csPath)));
});
afterAll(async () => {
  await folder.remove();
  await release();
});

async function holds(zkey: Zkey, count: number, spoil: (witness: Uint8Array, index: number) => void) {
  return withCurve(async (curve) => {
    const together = await ProveTogether.create(zkey, curve);
    for (let i = 0; i < count; i += 1) {
      const witness = Uint8Array.from(await circuit.witness(i));
      spoil(witness, i);
      await together.add(witness);
    }
    return together.hold();
  });
}

describe('ProveTogether', () => {
  it('holds for one witness and for many', async () => {
    expect(await holds(readZkey(key), 1, () => {})).toBe(true);
    expect(await holds(readZkey(key), 9, () => {})).toBe(true);
  });

  it('does not hold if any wire of one witness is wrong', async () => {
    const wires = (await circuit.witness(0)).length / 32;
    for (let wire = 1; wire < wires; wire += 1) {
      const spoil = (witness: Uint8Array, index: number) => {
        if (index === 1) witness[32 * wire]! ^= 1;
      };
      // Wire 3 is the unused public input: any value satisfies the circuit.
      const isFree = wire === 3;
      expect(await holds(readZkey(key), 3, spoil), `wire ${wire}`).toBe(isFree);
    }
  });

  it.each(['a', 'b2', 'c', 'h', 'ic', 'delta2', 'alpha1', 'coefficients'] as const)(
    'does not hold for a key whose %s is wrong',
    async (part) => {
      const zkey = readZkey(Uint8Array.from(key));
      const other = readZkey(await developmentSetup(readR1cs(await readFile(circuit.r1csPath))));
      // The last coefficient belongs to the unused input, whose value is never 0.
      if (part === 'coefficients') zkey[part][zkey[part].length - 32]! ^= 1;
      else zkey[part].set(other[part]);
      expect(await holds(zkey, 2, () => {})).toBe(false);
    },
  );
});
