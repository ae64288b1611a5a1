import { readFileSync } from 'node:fs';
import { parseBundle } from '@quietproof/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Anvil } from './support/anvil.ts';
import { type DeployedVerifier, deployVerifier } from './support/deploy-verifier.ts';

/** The part of a conformance case that a contract can check. */
interface OnChainCase {
  readonly id: string;
  readonly what: string;
  /** Name, without `-a`, of the bundle whose model the contract is for. */
  readonly contract: string;
  readonly valid: boolean;
  readonly proof: readonly string[];
  readonly signals: readonly string[];
}

const vectors = new URL('../../vectors/', import.meta.url);
const cases = JSON.parse(readFileSync(new URL('onchain.json', vectors), 'utf8')) as OnChainCase[];

let anvil: Anvil;
const contracts = new Map<string, DeployedVerifier>();
beforeAll(async () => {
  anvil = await Anvil.start();
  for (const name of new Set(cases.map(({ contract }) => contract))) {
    const bundle = parseBundle(readFileSync(new URL(`bundles/bases/${name}-a.proof.json`, vectors)));
    contracts.set(name, await deployVerifier(anvil, bundle.model!));
  }
});
afterAll(() => anvil?.stop());

test('there are enough valid and invalid cases', () => {
  expect(cases.filter(({ valid }) => valid).length).toBeGreaterThan(10);
  expect(cases.filter(({ valid }) => !valid).length).toBeGreaterThan(60);
});

test.each(cases)('$id: $what', async ({ contract, valid, proof, signals }) => {
  const verifier = contracts.get(contract)!;
  expect(await verifier.check(proof, signals)).toBe(valid);
  const outcome = await verifier.verify(proof, signals);
  if (valid) expect(outcome).toBe('valid');
  else expect(['SignalCount', 'SignalOutOfRange', 'PointAtInfinity', 'InvalidProof']).toContain(outcome);
});
