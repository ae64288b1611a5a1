import { readFileSync } from 'node:fs';
import { type AnyModelRecord, parseAnyBundle } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Case, CorpusName } from '../../../src/conformance/case.ts';
import { onchainWords } from '../../conformance/make/corpus.ts';
import { base, materialise, readCases, vectors } from '../../conformance/materialise.ts';
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

const BASES_V2 = ['label', 'logits', 'decision', 'mixed', 'open', 'id', 'credit'];

function recordOf(corpus: CorpusName, contract: string): AnyModelRecord {
  return parseAnyBundle(base(`${contract}-a.proof.json`, corpus)).model!;
}

const casesV1 = JSON.parse(
  readFileSync(new URL('../onchain.json', vectors('bundles')), 'utf8'),
) as OnChainCase[];
const casesV2 = readCases('bundles-v2').flatMap(putOnChain);

/** The cases of version 2 about the model of a base, where no check that a contract does not make is the first to fail. */
function putOnChain({ id, what, check, files }: Case): OnChainCase[] {
  const seen = check === undefined || ['signals', 'points', 'proof'].includes(check);
  if (!seen || files.bundle === undefined) return [];
  const bundle = JSON.parse(materialise(files.bundle, 'bundles-v2').toString());
  const contract = BASES_V2.find(
    (name) => recordOf('bundles-v2', name).ids.modelId === bundle.model?.ids.modelId,
  );
  const words = contract === undefined ? undefined : onchainWords(bundle);
  return words === undefined ? [] : [{ id, what, contract: contract!, valid: check === undefined, ...words }];
}

let anvil: Anvil;
beforeAll(async () => {
  anvil = await Anvil.start();
});
afterAll(() => anvil?.stop());

describe.each([
  { corpus: 'bundles', cases: casesV1, good: 10, bad: 60 },
  { corpus: 'bundles-v2', cases: casesV2, good: 40, bad: 20 },
] as const)('contracts on $corpus', ({ corpus, cases, good, bad }) => {
  const contracts = new Map<string, DeployedVerifier>();
  beforeAll(async () => {
    for (const name of new Set(cases.map(({ contract }) => contract))) {
      contracts.set(name, await deployVerifier(anvil, recordOf(corpus, name)));
    }
  });

  test('there are enough of them, good and bad', () => {
    expect(cases.filter(({ valid }) => valid).length).toBeGreaterThan(good);
    expect(cases.filter(({ valid }) => !valid).length).toBeGreaterThan(bad);
  });

  test.each(cases)('$id: $what', async ({ contract, valid, proof, signals }) => {
    const verifier = contracts.get(contract)!;
    expect(await verifier.check(proof, signals)).toBe(valid);
    const outcome = await verifier.verify(proof, signals);
    if (valid) expect(outcome).toBe('valid');
    else expect(['SignalCount', 'SignalOutOfRange', 'PointAtInfinity', 'InvalidProof']).toContain(outcome);
  });
});
