import {
  checkVerificationKey,
  decodeProof,
  groth16Holds,
  type PreparedKey,
  type ProofJson,
  prepareKey,
  type VerificationKeyJson,
} from '@quietproof/verify';
import { groth16 } from 'snarkjs';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { encodeWitnessFile } from '../formats/wtns.ts';
import { withCurve } from './snarkjs-session.ts';

/** Gives the wires of a random satisfying witness: 32 little-endian bytes each, starting with the constant 1. */
export type WitnessSource = (index: number) => Promise<Uint8Array> | Uint8Array;

export interface BehaviourOptions {
  /** Witnesses to try; the default is 32. */
  readonly count?: number;
  /** No new witness is begun after this many seconds; at least one is tried. Default: no limit. */
  readonly budgetSeconds?: number;
  readonly signal?: AbortSignal;
}

/** What was tried. Such a test can show that a key is wrong; it proves nothing about a key it passes. */
export interface BehaviourReport {
  readonly witnesses: number;
  /** One line for people. */
  readonly summary: string;
}

/** Small proofs leave threads idle: several are made at once. Above this size of key one fills them. */
const SMALL_KEY_BYTES = 2 ** 23;
const AT_ONCE = 4;

/**
 * Proves random witnesses with snarkjs and verifies the proofs with our own verifier; the first also with snarkjs'
 * verifier, and it must fail for other public signals. Tested, not proved.
 *
 * @throws QuietproofError QP5023
 */
export async function checkSetupBehaviour(
  zkey: Uint8Array,
  verificationKey: VerificationKeyJson,
  makeWitness: WitnessSource,
  { count = 32, budgetSeconds = Infinity, signal }: BehaviourOptions = {},
): Promise<BehaviourReport> {
  const prepared = prepareKey(checkVerificationKey(verificationKey));
  const started = performance.now();
  const atOnce = zkey.length < SMALL_KEY_BYTES ? AT_ONCE : 1;
  return withCurve(async () => {
    let done = 0;
    do {
      signal?.throwIfAborted();
      const batch = Array.from({ length: Math.min(atOnce, count - done) }, (_, i) => done + i);
      const proofs = await Promise.all(batch.map(async (index) => prove(zkey, await makeWitness(index))));
      if (done === 0) await checkFirst(verificationKey, prepared, proofs[0]!);
      for (const [i, { proof, signals }] of proofs.entries()) {
        if (!groth16Holds(prepared, decodeProof(proof), signals)) {
          throw misbehaves(`The proof of random witness ${batch[i]} does not verify`);
        }
      }
      done += batch.length;
    } while (done < count && (performance.now() - started) / 1000 < budgetSeconds);
    const number = done < count ? `${done} of ${count} (time limit)` : `${done}`;
    return { witnesses: done, summary: `${number} random witnesses proved and verified: tested, not proved` };
  });
}

interface Proved {
  readonly proof: ProofJson;
  readonly signals: bigint[];
}

async function prove(zkey: Uint8Array, wires: Uint8Array): Promise<Proved> {
  const witness = { type: 'mem' as const, data: encodeWitnessFile(wires) };
  const { proof, publicSignals } = await groth16.prove({ type: 'mem', data: zkey }, witness);
  return { proof: proof as ProofJson, signals: publicSignals.map(BigInt) };
}

async function checkFirst(
  key: VerificationKeyJson,
  prepared: PreparedKey,
  { proof, signals }: Proved,
): Promise<void> {
  if (!(await groth16.verify(key, signals.map(String), proof))) {
    throw misbehaves('snarkjs does not accept the proof of the first random witness');
  }
  for (let i = 0; i < Math.min(signals.length, 2); i++) {
    const others = signals.with(i, signals[i]! ^ 1n);
    if (groth16Holds(prepared, decodeProof(proof), others)) {
      throw misbehaves(`A proof verifies for another public signal ${i}`);
    }
  }
}

function misbehaves(what: string): QuietproofError {
  return new QuietproofError('QP5023', { what, fix: 'Run setup again, and report this if it happens twice' });
}
