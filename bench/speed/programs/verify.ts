import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { prepareModel, type ThinBundle, verifyBundle, verifyMany } from '@quietproof/verify';
import { buildBn128 } from 'ffjavascript';
import { groth16 } from 'snarkjs';
import { listBundles } from '#dist/bundle/batch-folder.js';
import { serve, timed } from './serve.ts';

// verify.js <quietproof|snarkjs> <proofs> <artifact> <batch>: one proof after another; and a batch, where it can.
const [verifier, folder, artifact, batch] = process.argv.slice(2) as [string, string, string, string];
const texts = await Promise.all((await listBundles(folder)).map((file) => readFile(file, 'utf8')));
const companion = prepareModel(await readFile(path.join(folder, 'model.json'), 'utf8'));
const model = companion.record.ids.modelId;
const verificationKey = JSON.parse(await readFile(path.join(artifact, 'verification-key.json'), 'utf8'));
// The distinct proofs over and over: the combined equation has a term a bundle, whether or not another is like it.
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

async function eachOnce(): Promise<number> {
  const { value: accepted, ms } = await timed(oneByOne[verifier]!);
  if (!accepted) throw new Error(`${verifier} refuses a proof`);
  return ms / texts.length;
}

async function together(): Promise<Record<string, number>> {
  if (verifier !== 'quietproof') return {};
  const { value, ms } = await timed(() => verifyMany(many, { model, companion }));
  if (!value.every(({ accepted }) => accepted)) throw new Error('a batch is refused');
  return { batchSeconds: ms / 1000, batchMs: ms / many.length };
}

if (verifier === 'snarkjs') {
  (globalThis as { curve_bn128?: unknown }).curve_bn128 = await buildBn128(true);
}
await eachOnce();
await serve({ distinct: texts.length }, async () => ({ verifyMs: await eachOnce(), ...(await together()) }));
