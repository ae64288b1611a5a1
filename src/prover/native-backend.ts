import path from 'node:path';
import type { ProofJson } from '@quietproof/verify';
import { KEY_FILES } from '../artifact/file-names.ts';
import { requireRegularFile } from '../data/regular-file.ts';
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
import { type KeyPoints, requireSameKey } from './same-key.ts';
import { type KnownKey, loadUnchanged } from './unchanged-key.ts';

/**
 * Limits the memory for precomputed multiples of the key's points, in MiB. They are shared by all workers and stored in
 * the key's cache file. With 0 there are no multiples, and a LeNet proof takes about 1.5 times as long.
 */
const TABLE_VARIABLE = 'QUIETPROOF_TABLE_MEMORY';
const DEFAULT_TABLE_MIB = 256;

/** Sets the engine, for tests and measurements. */
const ENGINE_VARIABLE = 'QUIETPROOF_ENGINE';

/**
 * Proves with the native prover in native/. It runs in the calling thread, because Node's inKey pool of four threads
 * would be shared by all workers of the process.
 */
export function nativeBackend(binding: NativeBinding): Backend {
  return {
    name: 'native',
    engine: process.env[ENGINE_VARIABLE] || binding.engine(),
    // Measured with a key of 66 MB: 60 MB per thread, half of it JavaScript, and 169 MB for the key with its multiples.
    workingMemory: (zkeyBytes) => 30e6 + 0.5 * zkeyBytes,
    sharedMemory: (zkeyBytes) => zkeyBytes + Math.min(tableBudget(), 2 * zkeyBytes),
    async share(zkey, { paranoid = false } = {}) {
      await requireRegularFile(zkey);
      const load = (known: KnownKey) =>
        binding.loadKey(zkey, { ...optionsFor(zkey), ...known }).catch((error) => {
          throw nativeError(error, zkey);
        });
      const key = await (paranoid ? load({}) : loadUnchanged(zkey, cacheOf(zkey), load));
      const warning = `${KEY_FILES.proverCache} cannot be written, so each run converts the key again: ${key.uncached}`;
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
  return { cache: cacheOf(zkey), tableBudget: tableBudget(), ...(engine && { engine }) };
}

function cacheOf(zkey: string): string {
  return path.join(path.dirname(zkey), KEY_FILES.proverCache);
}

/** In bytes. @throws QP1001 if the environment variable is not a number of MiB */
function tableBudget(): number {
  const setting = process.env[TABLE_VARIABLE] || String(DEFAULT_TABLE_MIB);
  if (/^\d{1,6}$/.test(setting)) return Number(setting) * 2 ** 20;
  throw new QuietproofError('QP1001', {
    what: `${TABLE_VARIABLE} is "${setting}", which is not a number of MiB`,
    fix: `Set it to a number such as ${DEFAULT_TABLE_MIB}, or unset it`,
  });
}

function loadProver(binding: NativeBinding, { path: zkey, verificationKey, threads }: ProvingKey): Prover {
  const key = translated(zkey, () => binding.loadKeySync(zkey, optionsFor(zkey)));
  requireSameKey(pointsOf(key), verificationKey, zkey);
  return {
    async prove(witness, permit): Promise<BackendProof> {
      const proved = translated(zkey, () => key.prove(copyIfShared(witness), threads, permit));
      return { proof: proofJson(proved), publicSignals: proved.publicSignals };
    },
    provesAll: (witnesses) => translated(zkey, () => key.provesAll(witnesses.map(copyIfShared), threads)),
    close: async () => key.close(),
  };
}

/** The native prover verifies its proofs under the key in the .zkey, which must therefore be the verifiers' key. */
function pointsOf({ verificationKey: key }: NativeKey): KeyPoints {
  return {
    vk_alpha_1: g1Json(key.alpha1),
    vk_beta_2: g2Json(key.beta2),
    vk_gamma_2: g2Json(key.gamma2),
    vk_delta_2: g2Json(key.delta2),
    IC: key.ic.map(g1Json),
  };
}

/** Copies a witness in shared memory, which other threads could change while the prover reads it. */
function copyIfShared(witness: Uint8Array): Uint8Array {
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

/** Errors of the binary that a user can act on. All others are bugs and are passed on unchanged. */
const USER_ERRORS: Partial<Record<NativeErrorCode, { readonly code: ErrorCode; readonly fix: string }>> = {
  'bad-key': { code: 'QP5013', fix: SET_UP_AGAIN },
  'bad-circuit': { code: 'QP5011', fix: 'Run `quietproof compile` again' },
  'bad-phase1': { code: 'QP5001', fix: 'Download the ceremony file again' },
  'inconsistent-phase1': { code: 'QP5005', fix: 'Download the ceremony file again, or use a published one' },
  'bad-witness': { code: 'QP4606', fix: SET_UP_AGAIN },
  cancelled: { code: 'QP6004', fix: 'Run the same command again: finished rows are kept' },
  system: { code: 'QP6302', fix: 'Free memory and disk space, check the file, or use --backend snarkjs' },
};

/** Rust's message if the disk is full: ENOSPC (28) on Linux and macOS, ERROR_DISK_FULL (112) on Windows. */
const DISK_FULL = /\(os error (28|112)\)/;

/** Translates an error of the binary into one with a code and a fix, if the user can act on it. */
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
  const known = USER_ERRORS[error.code as NativeErrorCode];
  if (known === undefined) return error;
  return new QuietproofError(known.code, { what: error.message, where, fix: known.fix, cause: error });
}
