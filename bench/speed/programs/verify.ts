import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { prepareModel, type ThinBundle, verifyBundle, verifyMany } from '@quietproof/verify';
import { buildBn128 } from 'ffjavascript';
import { groth16 } from 'snarkjs';
import { listBundles } from '#dist/bundle/batch-names.js';
import { nativeProver } from '#dist/prover/native-binary.js';
import type { NativeProof } from '#dist/prover/native-binding.js';
import { serve, timed } from './serve.ts';

// verify.js <quietproof|snarkjs|native> <proofs> <artifact> <batch>: verifies proofs singly, and as a batch if possible.
const [verifier, folder, artifact, batch] = process.argv.slice(2) as [string, string, string, string];
const texts = await Promise.all((await listBundles(folder)).map((file) => readFile(file, 'utf8')));
const companion = prepareModel(await readFile(path.join(folder, 'model.json'), 'utf8'));
const model = companion.record.ids.modelId;
const verificationKey = JSON.parse(await readFile(path.join(artifact, 'verification-key.json'), 'utf8'));
// Repeats the distinct proofs. The combined equation still has one term per bundle.
const many = Array.from({ length: Number(batch) }, (_, i) => texts[i % texts.length]!);

const oneByOne: Readonly<Record<string, () => Promise<boolean>>> = {
  quietproof: async () => texts.every((text) => verifyBundle(text, { model, companion }).accepted),
  snarkjs: async () => {
    for (const text of texts) {
      const { proof, publicSignals } = JSON.parse(text) as ThinBundle;
      if (!(await groth16.verify(verificationKey, publicSignals, proof))) return false;
    }
    return true;
  },
};

const native = verifier === 'native' ? await nativeVerifier() : undefined;

/** The native prover's own verification, of proofs without bundles. */
async function nativeVerifier() {
  const found = nativeProver();
  if (found.state !== 'ready') throw new Error(found.reason);
  const key = await found.binding.loadKey(path.join(artifact, 'circuit.zkey'), { tableBudget: 0 });
  const proofs = texts.map(nativeProofOf);
  const repeated = Array.from({ length: Number(batch) }, (_, i) => proofs[i % proofs.length]!);
  return {
    each: async () => {
      for (const proof of proofs) if (!(await key.verify([proof]))) return false;
      return true;
    },
    all: () => key.verify(repeated),
  };
}

function nativeProofOf(text: string): NativeProof {
  const { proof, publicSignals } = JSON.parse(text) as ThinBundle;
  const { pi_a: a, pi_b: b, pi_c: c } = proof;
  return { a: [a[0], a[1]], b: [b[0], b[1]], c: [c[0], c[1]], publicSignals };
}

async function eachOnce(): Promise<number> {
  const { value: accepted, ms } = await timed(native?.each ?? oneByOne[verifier]!);
  if (!accepted) throw new Error(`${verifier} refuses a proof`);
  return ms / texts.length;
}

async function together(): Promise<Record<string, number>> {
  if (verifier === 'snarkjs') return {};
  const { value: accepted, ms } = await timed(native?.all ?? allBundles);
  if (!accepted) throw new Error('a batch is refused');
  return { batchSeconds: ms / 1000, batchMs: ms / many.length };
}

async function allBundles(): Promise<boolean> {
  return (await verifyMany(many, { model, companion })).every(({ accepted }) => accepted);
}

if (verifier === 'snarkjs') {
  (globalThis as { curve_bn128?: unknown }).curve_bn128 = await buildBn128(true);
}
await eachOnce();
await serve({ distinct: texts.length }, async () => ({ verifyMs: await eachOnce(), ...(await together()) }));
