import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ProofJson, VerificationKeyJson } from '@quietproof/verify';
import { KEY_FILES } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import type { Backend, BackendProof, Prover, ProvingKey } from './backend.ts';
import type {
  NativeBinding,
  NativeErrorCode,
  NativeG1,
  NativeG2,
  NativeKey,
  NativeKeyOptions,
  NativeProof,
} from './native-binding.ts';
import { rejectedProof } from './rejected-proof.ts';

/**
 * Sets the most memory, in MiB, for precomputed multiples of the key's points: once for all workers, and on disk in the
 * key's cache. 0 leaves only the points; a LeNet proof then takes about half as long again.
 */
const TABLE_VARIABLE = 'QUIETPROOF_TABLE_MEMORY';
const USUAL_TABLE = 256;

/** Forces an engine: for tests and measurements. */
const ENGINE_VARIABLE = 'QUIETPROOF_ENGINE';

/**
 * Proves with our own prover in native/, in the calling thread: a worker has nothing else to do, and Node's own pool
 * of four threads would be shared by all workers of a process.
 */
export function nativeBackend(binding: NativeBinding): Backend {
  return {
    name: 'native',
    engine: process.env[ENGINE_VARIABLE] || binding.engine(),
    // Measured: 60 MB at a key of 66 MB, half of it the thread's JavaScript; and 169 MB for the key with its multiples.
    workingMemory: (zkeyBytes) => 30e6 + 0.5 * zkeyBytes,
    sharedMemory: (zkeyBytes) => zkeyBytes + Math.min(tableBudget(), 2 * zkeyBytes),
    async share(zkey) {
      await access(zkey); // Node's own error says best what is wrong with a path
      const key = await binding.loadKey(zkey, optionsFor(zkey)).catch((error) => {
        throw nativeError(error, zkey);
      });
      const warning = `${KEY_FILES.proverCache} cannot be kept, so each run converts the key again: ${key.uncached}`;
      const { memory } = key;
      return { memory, release: () => key.close(), ...(key.uncached !== null && { warning }) };
    },
    load: async (key) => loadProver(binding, key),
    permit() {
      const id = binding.issuePermit();
      return { id, revoke: () => binding.revokePermit(id) };
    },
  };
}

function optionsFor(zkey: string): NativeKeyOptions {
  const engine = process.env[ENGINE_VARIABLE];
  const cache = path.join(path.dirname(zkey), KEY_FILES.proverCache);
  return { cache, tableBudget: tableBudget(), ...(engine && { engine }) };
}

/** In bytes. @throws QP1001 the environment says something else than a number of MiB */
function tableBudget(): number {
  const said = process.env[TABLE_VARIABLE] || String(USUAL_TABLE);
  if (/^\d{1,6}$/.test(said)) return Number(said) * 2 ** 20;
  throw new QuietproofError('QP1001', {
    what: `${TABLE_VARIABLE} is "${said}", which is no number of MiB`,
    fix: `Set it to a number such as ${USUAL_TABLE}, or not at all`,
  });
}

function loadProver(binding: NativeBinding, { path: zkey, verificationKey, threads }: ProvingKey): Prover {
  const key = translated(zkey, () => binding.loadKeySync(zkey, optionsFor(zkey)));
  requireSameKey(key, verificationKey, zkey);
  return {
    async prove(witness, permit): Promise<BackendProof> {
      const proved = translated(zkey, () => key.prove(unshared(witness), threads, permit));
      return { proof: proofJson(proved), publicSignals: proved.publicSignals };
    },
    close: async () => key.close(),
  };
}

/** A proof is checked under the key in the .zkey, so that has to be the one which verifiers have. */
function requireSameKey(
  { verificationKey: own }: NativeKey,
  expected: VerificationKeyJson,
  zkey: string,
): void {
  const points = {
    vk_alpha_1: g1Json(own.alpha1),
    vk_beta_2: g2Json(own.beta2),
    vk_gamma_2: g2Json(own.gamma2),
    vk_delta_2: g2Json(own.delta2),
    IC: own.ic.map(g1Json),
  } satisfies Partial<VerificationKeyJson>;
  for (const [name, found] of Object.entries(points)) {
    if (JSON.stringify(found) === JSON.stringify(expected[name as keyof typeof points])) continue;
    throw new QuietproofError('QP6103', {
      what: `${path.basename(zkey)} is not the key of this artifact: its ${name} differs`,
      where: path.dirname(zkey),
      fix: 'Run `quietproof setup` again',
    });
  }
}

/** Threads of ours may write to shared memory while the prover reads it: it gets a copy of its own. */
function unshared(witness: Uint8Array): Uint8Array {
  return witness.buffer instanceof SharedArrayBuffer ? Uint8Array.from(witness) : witness;
}

function proofJson({ a, b, c }: NativeProof): ProofJson {
  return {
    pi_a: g1Json(a),
    pi_b: g2Json(b),
    pi_c: g1Json(c),
    protocol: 'groth16',
    curve: 'bn128',
  };
}

function g1Json([x, y]: NativeG1): ProofJson['pi_a'] {
  return [x, y, '1'];
}

function g2Json([x, y]: NativeG2): ProofJson['pi_b'] {
  return [x, y, ['1', '0']];
}

function translated<T>(zkey: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw nativeError(error, zkey);
  }
}

const SET_UP_AGAIN = 'Run `quietproof compile` and `quietproof setup` again';

/** What users read of the binary's errors; those missing here are bugs, and stay as they are. */
const KNOWN: Partial<Record<NativeErrorCode, { readonly code: ErrorCode; readonly fix: string }>> = {
  'bad-key': { code: 'QP5013', fix: SET_UP_AGAIN },
  'bad-circuit': { code: 'QP5011', fix: 'Run `quietproof compile` again' },
  'bad-witness': { code: 'QP6003', fix: SET_UP_AGAIN },
  cancelled: { code: 'QP6004', fix: 'Run the same command again: finished rows are kept' },
  system: { code: 'QP6302', fix: 'Free memory and disk space, check the file, or use --backend snarkjs' },
};

/** What Rust says where a write fails for want of space, on Linux and macOS, and on Windows. */
const DISK_FULL = /\(os error (28|112)\)/;

/** An error of the binary as one that users can act on. */
export function nativeError(error: unknown, where: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  if (error.code === 'proof-rejected') return rejectedProof(error);
  if (DISK_FULL.test(error.message)) {
    return new QuietproofError('QP8001', {
      where,
      fix: 'Free some space and run the same command again',
      cause: error,
    });
  }
  const known = KNOWN[error.code as NativeErrorCode];
  if (known === undefined) return error;
  return new QuietproofError(known.code, { what: error.message, where, fix: known.fix, cause: error });
}
