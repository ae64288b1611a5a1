import type { ProofJson } from '@quietproof/verify';
import { notTogether } from '../artifact/artifact-file.ts';
import { ELEMENT_BYTES } from '../field/bn254.ts';
import { encodeWitnessFile } from '../formats/wtns.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { verificationKeyOf } from '../key/key-points.ts';
import type { Backend, BackendProof, Prover, ProvingKey } from './backend.ts';
import { rejectedProof } from './rejected-proof.ts';
import { requireSameKey } from './same-key.ts';
import { readShared } from './shared-file.ts';

/** Global cache of ffjavascript for the curve, used by all calls without `singleThread`. */
interface CurveCache {
  curve_bn128?: unknown;
}

/**
 * Proves with snarkjs, in the calling thread.
 *
 * snarkjs requests the multi-threaded curve, which cannot be built in a worker ("Worker is not a constructor") and
 * keeps the process alive. Its `singleThread` option rebuilds the curve on every call (95–180 ms). So the
 * single-threaded curve is built once and put into ffjavascript's cache.
 */
export const snarkjsBackend: Backend = {
  name: 'snarkjs',
  // Measured: 120 MB with a key of 7.5 MB, 300 MB with 66 MB (WebAssembly memory, FFT buffers, copies of sections).
  workingMemory: (zkeyBytes) => 100e6 + 3 * zkeyBytes,
  sharedMemory: (zkeyBytes) => zkeyBytes,
  async share(zkey) {
    const bytes = await readShared(zkey);
    return { bytes, memory: bytes.byteLength, release: () => {} };
  },
  load: loadProver,
  // WebAssembly is stopped by terminating its thread.
  permit: () => ({ revoke: () => {} }),
};

async function loadProver(key: ProvingKey): Promise<Prover> {
  // Imported here, because threads of the native backend do not need these packages.
  const [{ groth16 }, { buildBn128 }] = await Promise.all([import('snarkjs'), import('ffjavascript')]);
  const cache = globalThis as CurveCache;
  cache.curve_bn128 ??= await buildBn128(true);
  const zkey = { type: 'mem', data: new Uint8Array(key.bytes ?? (await readShared(key.path))) } as const;
  const { nWires } = requireKey(zkey.data, key);
  return {
    async prove(witness: Uint8Array): Promise<BackendProof> {
      if (witness.length !== nWires * ELEMENT_BYTES) {
        throw notTogether(`the key has ${nWires} wires, the witness ${witness.length / ELEMENT_BYTES}`);
      }
      const { proof, publicSignals } = await groth16.prove(zkey, {
        type: 'mem',
        data: encodeWitnessFile(witness),
      });
      // Measured: 10–16 ms, against 21–28 ms with @quietproof/verify, because the curve is already loaded.
      if (!(await groth16.verify(key.verificationKey, publicSignals, proof))) throw rejectedProof();
      return { proof: proof as ProofJson, publicSignals };
    },
    // The curve is kept for the thread's next key. Its memory is freed with the thread.
    close: async () => {},
  };
}

/** snarkjs reads a key without checking it: a damaged one would end the thread. @throws QuietproofError QP5013, QP6103 */
function requireKey(bytes: Uint8Array, { path, verificationKey }: ProvingKey): Zkey {
  const zkey = readZkey(bytes, path);
  requireSameKey(verificationKeyOf(zkey), verificationKey, path);
  return zkey;
}
