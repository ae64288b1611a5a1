import {
  checkVerificationKey,
  decodeProof,
  groth16Holds,
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

/**
 * Proves random witnesses with snarkjs and verifies the proofs with snarkjs' verifier and with our own; each proof
 * must also fail for a changed public signal. Tested, not proved.
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
  return withCurve(async () => {
    let witnesses = 0;
    do {
      signal?.throwIfAborted();
      const witness = { type: 'mem' as const, data: encodeWitnessFile(await makeWitness(witnesses)) };
      const { proof, publicSignals } = await groth16.prove({ type: 'mem', data: zkey }, witness);
      const ours = decodeProof(proof as ProofJson);
      const signals = publicSignals.map(BigInt);
      const accepted =
        (await groth16.verify(verificationKey, publicSignals, proof)) &&
        groth16Holds(prepared, ours, signals);
      if (!accepted) throw misbehaves(`The proof of random witness ${witnesses} does not verify`);
      if (signals.length > 0) {
        signals[witnesses % signals.length]! ^= 1n;
        if (groth16Holds(prepared, ours, signals))
          throw misbehaves('A proof verifies for other public signals');
      }
      witnesses++;
    } while (witnesses < count && (performance.now() - started) / 1000 < budgetSeconds);
    const summary = `${witnesses} random witnesses proved and verified: tested, not proved`;
    return { witnesses, summary };
  });
}

function misbehaves(what: string): QuietproofError {
  return new QuietproofError('QP5023', { what, fix: 'Run setup again, and report this if it happens twice' });
}
