import { setImmediate } from 'node:timers/promises';
import {
  checkVerificationKey,
  decodeProof,
  groth16Holds,
  type ProofJson,
  prepareKey,
  type VerificationKeyJson,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { encodeWitnessFile } from '../formats/wtns.ts';
import { readZkey } from '../formats/zkey.ts';
import type { BackendProof, Prover } from '../prover/backend.ts';

/** Returns the wires of a random satisfying witness: 32 little-endian bytes per wire, starting with the constant 1. */
export type WitnessSource = (index: number) => Promise<Uint8Array> | Uint8Array;

export interface BehaviourOptions {
  /** Witnesses to try; default: 32. The same index may be requested more than once. */
  readonly count?: number;
  /** No new witness is started after this many seconds; at least one is tried. Default: no limit. */
  readonly budgetSeconds?: number;
  readonly signal?: AbortSignal;
  /** Proves with the key. Without it, all witnesses are proved and verified together in WebAssembly. */
  readonly prover?: Prover | undefined;
}

/** What was tried. Such a test can show that a key is wrong. It proves nothing about a key that passes. */
export interface BehaviourReport {
  readonly witnesses: number;
  /** One line to show to the user. */
  readonly summary: string;
}

/**
 * Proves random witnesses and verifies the proofs. The first proof is checked by our verifier, and must fail for other
 * public signals. With `prover`, that is all in JavaScript: it has verified its proofs under the key's own points, which
 * are the verification key's, and a second verifier would find out about itself and not about the key. It tries all
 * witnesses but the first by one equation, if it can, which holds exactly if the proofs of all of them would verify.
 * Otherwise snarkjs makes the first proof and verifies it, and `ProveTogether` checks all witnesses at once.
 *
 * @throws QuietproofError QP5023 if the key misbehaves
 */
export async function checkSetupBehaviour(
  zkey: Uint8Array,
  verificationKey: VerificationKeyJson,
  makeWitness: WitnessSource,
  { prover, ...options }: BehaviourOptions = {},
): Promise<BehaviourReport> {
  if (prover !== undefined) {
    return tryWitnesses(makeWitness, trialBy(prover, verificationKey), options);
  }
  // Imported here: the native prover needs neither snarkjs nor its threads.
  const [{ groth16 }, { withCurve }, { ProveTogether }] = await Promise.all([
    import('snarkjs'),
    import('../key/snarkjs-session.ts'),
    import('./prove-together.ts'),
  ]);
  return withCurve(async (curve) => {
    const witness = { type: 'mem' as const, data: encodeWitnessFile(await makeWitness(0)) };
    const { proof, publicSignals } = await groth16.prove({ type: 'mem', data: zkey }, witness);
    if (!(await groth16.verify(verificationKey, publicSignals, proof))) throw proofFails();
    checkProof(verificationKey, { proof: proof as ProofJson, publicSignals });
    return tryWitnesses(makeWitness, await ProveTogether.create(readZkey(zkey), curve), options);
  });
}

/** Witnesses of one equation: each takes 4 MB at LeNet's size, and Ctrl-C waits for all of them. */
const TOGETHER = 8;

function trialBy(prover: Prover, verificationKey: VerificationKeyJson): Trial {
  let isFirst = true;
  let waiting: Uint8Array[] = [];
  const tryWaiting = () => {
    const witnesses = waiting;
    waiting = [];
    return witnesses.length === 0 || prover.provesAll?.(witnesses) === true;
  };
  return {
    async add(witness) {
      if (isFirst || prover.provesAll === undefined) {
        const proved = await proveWith(prover, witness);
        if (isFirst) checkProof(verificationKey, proved);
        isFirst = false;
      } else {
        // Copied: the next witness may be written in its place.
        waiting.push(witness.slice());
        if (waiting.length === TOGETHER && !tryWaiting()) throw proofFails();
      }
      await setImmediate(); // proving blocks this thread: let it receive Ctrl-C
    },
    hold: async () => tryWaiting(),
  };
}

/** Proves and verifies witnesses, at once or in the end. */
interface Trial {
  add(witness: Uint8Array): Promise<void>;
  hold(): Promise<boolean>;
}

async function tryWitnesses(
  makeWitness: WitnessSource,
  trial: Trial,
  { count = 32, budgetSeconds = Infinity, signal }: Omit<BehaviourOptions, 'prover'>,
): Promise<BehaviourReport> {
  const started = performance.now();
  let done = 0;
  do {
    signal?.throwIfAborted();
    await trial.add(await makeWitness(done));
    done += 1;
  } while (done < count && (performance.now() - started) / 1000 < budgetSeconds);
  if (!(await trial.hold())) throw misbehaves(`Not all proofs of ${done} random witnesses verify`);
  const number = done < count ? `${done} of ${count} (time limit)` : `${done}`;
  return { witnesses: done, summary: `${number} random witnesses proved and verified: tested, not proved` };
}

/** Provers verify their own proofs. A proof that its own prover rejects means that the key is wrong. */
async function proveWith(prover: Prover, witness: Uint8Array): Promise<BackendProof> {
  try {
    return await prover.prove(witness);
  } catch (error) {
    if (!(error instanceof QuietproofError && error.code === 'QP6003')) throw error;
    throw proofFails();
  }
}

function checkProof(key: VerificationKeyJson, { proof, publicSignals }: BackendProof): void {
  const prepared = prepareKey(checkVerificationKey(key));
  const signals = publicSignals.map(BigInt);
  if (!groth16Holds(prepared, decodeProof(proof), signals)) throw proofFails();
  for (let i = 0; i < Math.min(signals.length, 2); i += 1) {
    const others = signals.with(i, signals[i]! ^ 1n);
    if (groth16Holds(prepared, decodeProof(proof), others)) {
      throw misbehaves(`A proof verifies for a wrong public signal ${i}`);
    }
  }
}

function proofFails(): QuietproofError {
  return misbehaves('The proof of a random witness does not verify');
}

function misbehaves(what: string): QuietproofError {
  return new QuietproofError('QP5023', {
    what,
    fix: 'Run setup again, and report a bug if it happens twice',
  });
}
