import { access, mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readZkey } from '../../src/formats/zkey.ts';
import { verificationKeyOf } from '../../src/key/key-points.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import type { NativeBinding, NativeKey, NativeProof } from '../../src/prover/native-binding.ts';
import { snarkjsBackend } from '../../src/prover/snarkjs-backend.ts';
import { NATIVE_BINARY } from '../support/backends.ts';
import { type SquareCircuit, squareCircuit, squareWitness } from '../support/square-circuit.ts';

describe.skipIf(NATIVE_BINARY === undefined)('the native binding', () => {
  let circuit: SquareCircuit;
  let binding: NativeBinding;
  let key: NativeKey;
  beforeAll(async () => {
    circuit = await squareCircuit();
    const native = nativeProver();
    if (native.state !== 'ready') throw new Error(native.reason);
    binding = native.binding;
    key = await binding.loadKey(circuit.zkey, { tableBudget: 1e6 });
  });
  afterAll(() => circuit.remove());
  const prove = (input: bigint) => key.prove(squareWitness(1n, input * input, input), 1);

  describe('verify', () => {
    it('accepts one proof, several, and none', async () => {
      expect(await key.verify([prove(7n)])).toBe(true);
      expect(await key.verify([prove(2n), prove(3n), prove(4n)])).toBe(true);
      expect(await key.verify([])).toBe(true);
    });

    it("accepts snarkjs' proofs", async () => {
      const verificationKey = verificationKeyOf(readZkey(await readFile(circuit.zkey)));
      const prover = await snarkjsBackend.load({ path: circuit.zkey, verificationKey, threads: 1 });
      const { proof, publicSignals } = await prover.prove(squareWitness(1n, 36n, 6n));
      const [a, b, c] = [proof.pi_a.slice(0, 2), proof.pi_b.slice(0, 2), proof.pi_c.slice(0, 2)];
      expect(await key.verify([{ a, b, c, publicSignals } as unknown as NativeProof])).toBe(true);
    });

    const changed: [string, (proof: NativeProof) => Partial<NativeProof>][] = [
      ['another signal', () => ({ publicSignals: ['64', '7'] })],
      ['a missing signal', () => ({ publicSignals: ['49'] })],
      ['an extra signal', () => ({ publicSignals: ['49', '7', '0'] })],
      ['a signal with a leading zero', () => ({ publicSignals: ['049', '7'] })],
      ['a signal that is not a number', () => ({ publicSignals: ['49', 'seven'] })],
      ['the points of another proof', () => ({ c: prove(7n).c })],
      ['a point that is not on the curve', ({ a: [x] }) => ({ a: [x, '1'] })],
      ['a missing coordinate', ({ a: [x] }) => ({ a: [x] as never })],
    ];
    it.each(changed)('refuses %s, alone and among others', async (_, change) => {
      const good = prove(7n);
      const bad = { ...good, ...change(good) };
      expect(await key.verify([bad])).toBe(false);
      expect(await key.verify([prove(2n), bad, prove(3n)])).toBe(false);
    });
  });

  describe('permits', () => {
    const witness = squareWitness(1n, 49n, 7n);

    it('allow work until they are revoked', () => {
      const [mine, other] = [binding.issuePermit(), binding.issuePermit()];
      expect(key.prove(witness, 1, mine).publicSignals).toEqual(['49', '7']);
      binding.revokePermit(other);
      expect(key.prove(witness, 1, mine).publicSignals).toEqual(['49', '7']);
      binding.revokePermit(mine);
      expect(() => key.prove(witness, 1, mine)).toThrow(expect.objectContaining({ code: 'cancelled' }));
    });

    it('stop making a key, which leaves no files behind', async () => {
      const permit = binding.issuePermit();
      const file = path.join(circuit.folder, 'never.zkey');
      binding.revokePermit(permit);
      await expect(binding.developmentKey(circuit.r1cs, file, 2, permit)).rejects.toMatchObject({
        code: 'cancelled',
      });
      await expect(access(file)).rejects.toThrow('ENOENT');
    });
  });

  describe('development keys', () => {
    it('prove, and have a fold that makes proving faster', async () => {
      const folder = await mkdtemp(path.join(circuit.folder, 'key-'));
      const file = path.join(folder, 'made.zkey');
      await binding.developmentKey(circuit.r1cs, file, 2);
      await access(`${file}.fold`);
      const made = binding.loadKeySync(file, { tableBudget: 1e6 });
      const proof = made.prove(squareWitness(1n, 25n, 5n), 1);
      expect(await made.verify([proof])).toBe(true);
      expect(await key.verify([proof])).toBe(false);
    });

    it('are not made from other files, or in a folder that cannot be written', async () => {
      const file = path.join(circuit.folder, 'other.zkey');
      const made = binding.developmentKey(Uint8Array.from([1, 2, 3]), file, 1);
      await expect(made).rejects.toMatchObject({ code: 'bad-circuit' });
      const nowhere = binding.developmentKey(circuit.r1cs, path.join(circuit.zkey, 'in-a-file'), 1);
      await expect(nowhere).rejects.toMatchObject({ code: 'system' });
    });
  });

  describe('a key', () => {
    const load = (engine: string) => binding.loadKey(circuit.zkey, { tableBudget: 0, engine });

    it('is loaded for the requested engine', async () => {
      const portable = await load('portable');
      expect(portable.engine).toBe('portable');
      expect(await portable.verify([portable.prove(squareWitness(1n, 9n, 3n), 1)])).toBe(true);
      expect(key.engine).toBe(binding.engine());
      await expect(load('steam')).rejects.toMatchObject({ code: 'system' });
    });

    it('refuses witnesses of other circuits', () => {
      const wrong: [Uint8Array, string][] = [
        [new Uint8Array(), 'bad-witness'],
        [squareWitness(1n, 49n), 'bad-witness'],
        [squareWitness(2n, 49n, 7n), 'bad-witness'],
        [squareWitness(1n, 49n, 7n).fill(255, 32), 'bad-witness'],
        [squareWitness(1n, 50n, 7n), 'proof-rejected'],
      ];
      for (const [witness, code] of wrong) {
        expect(() => key.prove(witness, 1)).toThrow(expect.objectContaining({ code }));
      }
    });

    it('cannot be used after it is closed', async () => {
      const closing = await binding.loadKey(circuit.zkey, { tableBudget: 0 });
      closing.close();
      expect(() => closing.prove(squareWitness(1n, 9n, 3n), 1)).toThrow('closed');
    });
  });
});
