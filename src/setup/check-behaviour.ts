import { setImmediate } from 'node:timers/promises';
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
import { readZkey } from '../formats/zkey.ts';
import { withCurve } from '../key/snarkjs-session.ts';
import type { BackendProof, Prover } from '../prover/backend.ts';
import { ProveTogether } from './prove-together.ts';

/** Returns the wires of a random satisfying witness: 32 little-endian bytes per wire, starting with the constant 1. */
export type WitnessSource = (index: number) => Promise<Uint8Array> | Uint8Array;

export interface BehaviourOptions {
  /** Witnesses to try; default: 32. The same index may be requested more than once. */
  readonly count?: number;
  /** No new witness is started after this many seconds; at least one is tried. Default: no limit. */
  readonly budgetSeconds?: number;
  readonly signal?: AbortSignal;
  /** Proves the witnesses one by one. Without it, all are proved and verified together in WebAssembly. */
  readonly prover?: Prover | undefined;
}

/** What was tried. Such a test can show that a key is wrong. It proves nothing about a key that passes. */
export interface BehaviourReport {
  readonly witnesses: number;
  /** One line to show to the user. */
  readonly summary: string;
}

/**
 * Proves random witnesses and verifies the proofs. The first proof is checked by snarkjs' verifier and by ours, and must
 * fail for other public signals. All proofs come from `prover` if it is given. Otherwise snarkjs makes the first one,
 * and `ProveTogether` checks all witnesses at once.
 *
 * @throws QuietproofError QP5023 if the key misbehaves
 */
export async function checkSetupBehaviour(
  zkey: Uint8Array,
  verificationKey: VerificationKeyJson,
  makeWitness: WitnessSource,
  { count = 32, budgetSeconds = Infinity, signal, prover }: BehaviourOptions = {},
): Promise<BehaviourReport> {
  const prepared = prepareKey(checkVerificationKey(verificationKey));
  const started = performance.now();
  return withCurve(async (curve) => {
    const first = await makeWitness(0);
    const proved = await (prover === undefined ? proveWithSnarkjs(zkey, first) : proveWith(prover, first));
    await checkProof(verificationKey, prepared, proved);
    const trial =
      prover === undefined
        ? await ProveTogether.create(readZkey(zkey), curve)
        : new ProveEach(prover, prepared);
    let done = 0;
    do {
      signal?.throwIfAborted();
      await trial.add(await makeWitness(done));
      done += 1;
    } while (done < count && (performance.now() - started) / 1000 < budgetSeconds);
    if (!(await trial.hold())) throw misbehaves(`Not all proofs of ${done} random witnesses verify`);
    const number = done < count ? `${done} of ${count} (time limit)` : `${done}`;
    return { witnesses: done, summary: `${number} random witnesses proved and verified: tested, not proved` };
  });
}

/** Has the interface of `ProveTogether`, but makes one proof at a time. */
class ProveEach {
  readonly #prover: Prover;
  readonly #key: PreparedKey;
  #allHold = true;

  constructor(prover: Prover, key: PreparedKey) {
    this.#prover = prover;
    this.#key = key;
  }

  async add(witness: Uint8Array): Promise<void> {
    const { proof, publicSignals } = await proveWith(this.#prover, witness);
    this.#allHold &&= groth16Holds(this.#key, decodeProof(proof), publicSignals.map(BigInt));
    await setImmediate(); // proving blocks this thread: let it receive Ctrl-C
  }

  async hold(): Promise<boolean> {
    return this.#allHold;
  }
}

/** Provers verify their own proofs. A proof that its own prover rejects means that the key is wrong. */
async function proveWith(prover: Prover, witness: Uint8Array): Promise<BackendProof> {
  try {
    return await prover.prove(witness);
  } catch (error) {
    if (!(error instanceof QuietproofError && error.code === 'QP6003')) throw error;
    throw misbehaves('The proof of a random witness does not verify');
  }
}

async function proveWithSnarkjs(zkey: Uint8Array, wires: Uint8Array): Promise<BackendProof> {
  const witness = { type: 'mem' as const, data: encodeWitnessFile(wires) };
  const { proof, publicSignals } = await groth16.prove({ type: 'mem', data: zkey }, witness);
  return { proof: proof as ProofJson, publicSignals };
}

async function checkProof(
  key: VerificationKeyJson,
  prepared: PreparedKey,
  { proof, publicSignals }: BackendProof,
): Promise<void> {
  const theirs = await groth16.verify(key, publicSignals, proof);
  const signals = publicSignals.map(BigInt);
  if (!theirs || !groth16Holds(prepared, decodeProof(proof), signals)) {
    throw misbehaves('The proof of a random witness does not verify');
  }
  for (let i = 0; i < Math.min(signals.length, 2); i += 1) {
    const others = signals.with(i, signals[i]! ^ 1n);
    if (groth16Holds(prepared, decodeProof(proof), others)) {
      throw misbehaves(`A proof verifies for a wrong public signal ${i}`);
    }
  }
}

function misbehaves(what: string): QuietproofError {
  return new QuietproofError('QP5023', {
    what,
    fix: 'Run setup again, and report a bug if it happens twice',
  });
}
