/** snarkjs accepts exactly those invalid cases that the corpus marks as its leniencies. */
import * as snarkjs from 'snarkjs';
import { expect, test } from 'vitest';
import type { Case } from '../../src/conformance/case.ts';
import { materialise, readCases } from './materialise.ts';

const CLASSES = ['valid', 'rerandomised', 'signals', 'points', 'bad-key', 'groth16'];

/** Key, signals and proof for snarkjs: parsed, and without the bundle. */
function partsOf({ files }: Case): [key: never, signals: never, proof: never] {
  const read = (source = files.bundle) => JSON.parse(materialise(source!).toString());
  if (files.bundle === undefined) return [read(files.key), read(files.public), read(files.proof)] as never;
  const { model = read(files.companion), publicSignals, proof } = read();
  return [model.verificationKey, publicSignals, proof] as never;
}

/** snarkjs throws on some invalid input. Count that as a refusal. */
async function snarkjsAccepts(one: Case): Promise<boolean> {
  try {
    return await snarkjs.groth16.verify(...partsOf(one));
  } catch {
    return false;
  }
}

test('snarkjs agrees, except where the corpus marks it as lenient', async () => {
  const differences: string[] = [];
  for (const one of readCases().filter(({ id }) => CLASSES.includes(id.split('/')[0]!))) {
    const accepted = await snarkjsAccepts(one);
    const expected = one.verdict !== 'invalid' || one.snarkjs === 'accepts';
    if (accepted !== expected) differences.push(`${accepted ? 'accepts' : 'refuses'} ${one.id}`);
  }
  expect(differences).toEqual([]);
});
