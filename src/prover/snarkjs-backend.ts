import type { ProofJson } from '@quietproof/verify';
import { encodeWitnessFile } from '../formats/wtns.ts';
import type { Backend, BackendProof, Prover, ProvingKey } from './backend.ts';
import { rejectedProof } from './rejected-proof.ts';
import { readShared } from './shared-file.ts';

/** The slot in which ffjavascript keeps the curve that every later call without `singleThread` finds. */
interface CurveCache {
  curve_bn128?: unknown;
}

/**
 * Proves with snarkjs, in the calling thread.
 *
 * snarkjs asks for the multi-threaded curve, which cannot be built in a worker ("Worker is not a constructor") and
 * keeps processes alive; its `singleThread` option builds the curve again on every call (95–180 ms). So the
 * single-threaded curve is built once and left where ffjavascript looks first.
 */
export const snarkjsBackend: Backend = {
  name: 'snarkjs',
  // Measured: 120 MB at a key of 7.5 MB, 300 MB at one of 66 MB (WebAssembly memory, FFT buffers, copies of sections).
  workingMemory: (zkeyBytes) => 100e6 + 3 * zkeyBytes,
  sharedMemory: (zkeyBytes) => zkeyBytes,
  async share(zkey) {
    const bytes = await readShared(zkey);
    return { bytes, memory: bytes.byteLength, release: () => {} };
  },
  load: loadProver,
  // A thread that runs WebAssembly is stopped by ending it.
  permit: () => ({ revoke: () => {} }),
};

async function loadProver(key: ProvingKey): Promise<Prover> {
  // Here and not above: threads of the other backend need none of it.
  const [{ groth16 }, { buildBn128 }] = await Promise.all([import('snarkjs'), import('ffjavascript')]);
  const cache = globalThis as CurveCache;
  cache.curve_bn128 ??= await buildBn128(true);
  const zkey = { type: 'mem', data: new Uint8Array(key.bytes ?? (await readShared(key.path))) } as const;
  return {
    async prove(witness: Uint8Array): Promise<BackendProof> {
      const { proof, publicSignals } = await groth16.prove(zkey, {
        type: 'mem',
        data: encodeWitnessFile(witness),
      });
      // Measured: 10–16 ms against 21–28 ms with @quietproof/verify, since the curve is loaded already.
      if (!(await groth16.verify(key.verificationKey, publicSignals, proof))) throw rejectedProof();
      return { proof: proof as ProofJson, publicSignals };
    },
    // The curve stays: a thread proves under one key after another, and its memory goes with the thread.
    close: async () => {},
  };
}
