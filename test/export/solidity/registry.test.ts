import { readFileSync } from 'node:fs';
import { contextSignal, type ModelRecord, R } from '@quietproof/verify';
import type { Contract, Interface, TransactionReceipt } from 'ethers';
import { id } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleCalls } from '../../../src/export/solidity/bundle-calls.ts';
import {
  bundleOf,
  digestFixture,
  digestRecord,
  ORDER_7,
  publicFixture,
  publicRecord,
} from '../../verify/support/corpus.ts';
import { Anvil } from './support/anvil.ts';
import type { Compiled } from './support/compile.ts';
import { compileLibrary, type DeployedVerifier, deployVerifier, outcome } from './support/deploy-verifier.ts';

const DIGEST = digestRecord();
const PUBLIC = publicRecord();
const OTHER = digestRecord(undefined, digestFixture.otherSetup.verificationKey);
const EMPTY = contextSignal(new Uint8Array());
const SEVEN = contextSignal(ORDER_7);

let anvil: Anvil;
let verifiers: Map<ModelRecord, DeployedVerifier>;
let library: Map<string, Compiled>;
let registry: Contract;

beforeAll(async () => {
  anvil = await Anvil.start();
  const desk = readFileSync(new URL('support/LoanDesk.sol', import.meta.url), 'utf8');
  library = await compileLibrary(DIGEST, new Map([['LoanDesk.sol', desk]]));
  verifiers = new Map();
  for (const record of [DIGEST, PUBLIC, OTHER]) verifiers.set(record, await deployVerifier(anvil, record));
});
afterAll(() => anvil?.stop());

async function newRegistry(): Promise<Contract> {
  return anvil.deploy(library.get('ModelRegistry')!, await (await anvil.signer()).getAddress());
}

const verifierOf = (record: ModelRecord) => verifiers.get(record)!.contract;
const idOf = (record: ModelRecord) => BigInt(`0x${record.ids.modelId}`);

/** Sends a transaction and returns its events by name. */
async function send(contract: Contract, method: string, ...words: unknown[]) {
  const sent = await contract.getFunction(method).send(...words);
  return eventsOf((await sent.wait()) as TransactionReceipt, contract.interface);
}

function eventsOf(receipt: TransactionReceipt, abi: Interface) {
  return receipt.logs.map((log) => {
    const parsed = abi.parseLog(log);
    return [parsed?.name, parsed?.args.toArray()] as const;
  });
}

/** The outcome of a call. */
const ends = (contract: Contract, method: string, ...words: unknown[]) =>
  outcome(contract.getFunction(method).staticCall(...words));

/** The arguments of `requireInference` for a proof of a fixture. */
function inference(record: ModelRecord, fixture: typeof digestFixture, index: number) {
  const [modelId, commitment, context, output, proof] = bundleCalls(bundleOf(record, fixture, index), record)
    .requireInference.args as [string, string, string, string, string];
  return { modelId, commitment, context, output, proof };
}

describe('registration', () => {
  beforeAll(async () => {
    registry = await newRegistry();
  });

  test('a model is registered under the ids of its verifier, with events', async () => {
    const events = await send(
      registry,
      'registerModel',
      verifierOf(DIGEST),
      'https://example.org/model.json',
    );
    const owner = await (await anvil.signer()).getAddress();
    const { modelId, circuitId, keyId } = DIGEST.ids;
    const commitment = [
      `0x${modelId}`,
      `0x${circuitId}`,
      `0x${keyId}`,
      id('groth16-bn254-v1').slice(0, 10),
      'https://example.org/model.json',
    ];
    expect(events.map(([name]) => name)).toEqual(['ModelRegistered', 'VerifierRegistered']);
    expect(events[0]![1]!.slice(0, 2)).toEqual([idOf(DIGEST), owner]);
    expect(events[0]![1]![2].toArray()).toEqual(commitment);
    const address = await verifierOf(DIGEST).getAddress();
    const codehash = events[1]![1]![4];
    expect(events[1]![1]).toEqual([idOf(DIGEST), `0x${circuitId}`, 1n, address, codehash]);
    expect(codehash).toMatch(/^0x[0-9a-f]{64}$/);
    const [stored, deprecated, listedOwner] = await registry.getFunction('getModel')(idOf(DIGEST));
    expect([stored.toArray(), deprecated, listedOwner]).toEqual([commitment, false, owner]);
    expect(await registry.getFunction('verifierOf')(idOf(DIGEST))).toBe(address);
  });

  test('a model that is registered already, or a contract that is not a verifier, is refused', async () => {
    expect(await ends(registry, 'registerModel', verifierOf(DIGEST), '')).toBe('ModelAlreadyRegistered');
    const account = await (await anvil.signer(3)).getAddress();
    expect(await ends(registry, 'registerModel', account, '')).toBe('NotAVerifier');
    expect(await ends(registry, 'registerModel', await registry.getAddress(), '')).toBe('reverted');
  });

  test('a replacement emits an event that says whether the circuit is the same; versions are counted per circuit', async () => {
    const events = await send(registry, 'replaceModel', idOf(DIGEST), verifierOf(OTHER), '');
    expect(events.at(-1)).toEqual(['ModelReplaced', [idOf(DIGEST), idOf(OTHER), true]]);
    expect(events[1]![1]![2]).toBe(2n);
    const swap = await send(registry, 'replaceModel', idOf(OTHER), verifierOf(PUBLIC), '');
    expect(swap.at(-1)).toEqual(['ModelReplaced', [idOf(OTHER), idOf(PUBLIC), false]]);
    const models = await registry.getFunction('modelsOf')(`0x${DIGEST.ids.circuitId}`);
    expect(models.toArray()).toEqual([idOf(DIGEST), idOf(OTHER)]);
    expect(await registry.getFunction('successorOf')(idOf(DIGEST))).toBe(idOf(OTHER));
    expect(await ends(registry, 'replaceModel', idOf(DIGEST), verifierOf(PUBLIC), '')).toBe(
      'ModelAlreadyReplaced',
    );
    expect(await ends(registry, 'replaceModel', 5n, verifierOf(PUBLIC), '')).toBe('ModelNotFound');
  });

  test('only the owner changes anything, and ownership moves in two steps', async () => {
    const stranger = registry.connect(await anvil.signer(1)) as Contract;
    const next = await (await anvil.signer(1)).getAddress();
    for (const [method, ...words] of [
      ['registerModel', verifierOf(PUBLIC), ''],
      ['replaceModel', idOf(PUBLIC), verifierOf(PUBLIC), ''],
      ['deprecateModel', idOf(DIGEST)],
      ['transferOwnership', next],
    ] as const)
      expect(await ends(stranger, method, ...words)).toBe('NotOwner');
    expect(await ends(stranger, 'acceptOwnership')).toBe('NotNextOwner');
    await send(registry, 'transferOwnership', next);
    expect(await registry.getFunction('owner')()).not.toBe(next);
    const events = await send(stranger, 'acceptOwnership');
    expect(events.map(([name]) => name)).toEqual(['OwnershipTransferred']);
    expect(await registry.getFunction('owner')()).toBe(next);
    expect(await ends(registry, 'deprecateModel', idOf(DIGEST))).toBe('NotOwner');
    expect(await ends(stranger, 'acceptOwnership')).toBe('NotNextOwner');
  });
});

describe('inference', () => {
  beforeAll(async () => {
    registry = await newRegistry();
    for (const record of [DIGEST, PUBLIC, OTHER])
      await send(registry, 'registerModel', verifierOf(record), '');
  });

  test.each([
    ['a digest', DIGEST, digestFixture],
    ['public inputs', PUBLIC, publicFixture],
  ])('with %s verifies and emits an event', async (_, record, fixture) => {
    for (const index of [0, 1]) {
      const { modelId, commitment, context, output, proof } = inference(record, fixture, index);
      const events = await send(registry, 'verifyInference', modelId, commitment, output, proof);
      const caller = await (await anvil.signer()).getAddress();
      expect(events).toEqual([['InferenceVerified', [BigInt(modelId), commitment, output, caller]]]);
      expect(await ends(registry, 'requireInference', modelId, commitment, context, output, proof)).toBe(
        'passed',
      );
    }
  });

  test('the printed calldata passes unchanged', async () => {
    const to = { contract: await registry.getAddress(), verifier: await verifierOf(PUBLIC).getAddress() };
    const calls = bundleCalls(bundleOf(PUBLIC, publicFixture, 1), PUBLIC);
    await anvil.provider.call({ to: to.verifier, data: calls.verify.calldata });
    await anvil.provider.call({ to: to.contract, data: calls.requireInference.calldata });
    const wrong = calls.verify.calldata.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await outcome(anvil.provider.call({ to: to.verifier, data: wrong }))).toBe('reverted');
  });

  test.each([
    ['a digest', DIGEST, digestFixture],
    ['public inputs', PUBLIC, publicFixture],
  ])('with %s and anything changed does not', async (_, record, fixture) => {
    const { modelId, commitment, context, output, proof } = inference(record, fixture, 0);
    const outcomeOf = (...words: unknown[]) => ends(registry, 'requireInference', ...words);
    const digest = record === DIGEST;
    const flipped = `0x${(BigInt(commitment) ^ 1n).toString(16).padStart(64, '0')}`;
    const swapped = `0x${BigInt(output)
      .toString(16)
      .padStart(output.length - 2, '0')
      .slice(0, -1)}3`;
    expect(await outcomeOf(modelId, flipped, context, output, proof)).toBe(
      digest ? 'InvalidProof' : 'InputCommitmentMismatch',
    );
    expect(await outcomeOf(modelId, commitment, SEVEN, output, proof)).toBe('ContextMismatch');
    expect(await outcomeOf(modelId, commitment, context, swapped, proof)).toBe('InvalidProof');
    expect(await outcomeOf(modelId, commitment, context, `${output}${'0'.repeat(64)}`, proof)).toBe(
      'OutputMismatch',
    );
    expect(await outcomeOf(modelId, commitment, context, output.slice(0, -2), proof)).toBe('OutputMismatch');
    expect(await outcomeOf(modelId, commitment, context, '0x', proof)).toBe('OutputMismatch');
    expect(await outcomeOf(5n, commitment, context, output, proof)).toBe('ModelNotFound');
    expect(await outcomeOf(modelId, commitment, context, output, proof.slice(0, 202))).toBe('reverted');
    const other = digest
      ? inference(OTHER, digestFixture.otherSetup as typeof digestFixture, 0)
      : inference(DIGEST, digestFixture, 0);
    expect(await outcomeOf(modelId, commitment, context, output, other.proof)).not.toBe('passed');
    if (digest)
      expect(await outcomeOf(other.modelId, commitment, context, output, proof)).toBe('InvalidProof');
  });

  test('another encoding of a digest is refused', async () => {
    const { modelId, commitment, context, output, proof } = inference(DIGEST, digestFixture, 0);
    const again = `0x${(BigInt(commitment) + R).toString(16).padStart(64, '0')}`;
    expect(await ends(registry, 'requireInference', modelId, again, context, output, proof)).toBe(
      'SignalOutOfRange',
    );
  });

  test('a context is consumed once per consumer', async () => {
    const { modelId, commitment, context, output, proof } = inference(DIGEST, digestFixture, 0);
    const words = [modelId, commitment, context, output, proof] as const;
    const events = await send(registry, 'consumeInference', ...words);
    expect(events.map(([name]) => name)).toEqual(['ContextConsumed', 'InferenceVerified']);
    expect(await ends(registry, 'consumeInference', ...words)).toBe('ContextAlreadyConsumed');
    const first = await (await anvil.signer()).getAddress();
    expect(await registry.getFunction('isConsumed')(first, context)).toBe(true);
    // Another consumer can still use the context, and a failed use consumes nothing.
    const second = registry.connect(await anvil.signer(2)) as Contract;
    expect(await ends(second, 'consumeInference', ...([...words] as unknown[]).with(2, SEVEN))).toBe(
      'ContextMismatch',
    );
    expect((await send(second, 'consumeInference', ...words)).length).toBe(2);
    // A proof of another model does not get around it.
    const other = inference(OTHER, digestFixture.otherSetup as typeof digestFixture, 0);
    expect(
      await ends(
        registry,
        'consumeInference',
        other.modelId,
        other.commitment,
        context,
        other.output,
        other.proof,
      ),
    ).toBe('ContextAlreadyConsumed');
  });

  test('a withdrawn model no longer verifies', async () => {
    const { modelId, commitment, output, proof } = inference(
      OTHER,
      digestFixture.otherSetup as typeof digestFixture,
      0,
    );
    expect(await ends(registry, 'verifyInference', modelId, commitment, output, proof)).toBe('passed');
    expect((await send(registry, 'deprecateModel', modelId)).map(([name]) => name)).toEqual([
      'ModelDeprecated',
    ]);
    expect(await ends(registry, 'verifyInference', modelId, commitment, output, proof)).toBe(
      'VerificationRefused_ModelDeprecated',
    );
    expect(await ends(registry, 'deprecateModel', modelId)).toBe('ModelAlreadyDeprecated');
  });

  test('contexts are computed as the prover computes them', async () => {
    const signal = registry.getFunction('contextSignal');
    expect(await signal('0x')).toBe(EMPTY);
    expect(await signal(ORDER_7)).toBe(SEVEN);
  });

  test('it reports its interfaces (ERC-165)', async () => {
    const supports = registry.getFunction('supportsInterface');
    // verifyInference, proofSystemOf and registry of draft ERC-7992.
    const selectors = [
      'verifyInference(uint256,bytes32,bytes,bytes)',
      'proofSystemOf(uint256)',
      'registry()',
    ];
    const erc7992 = selectors.reduce((sum, text) => sum ^ Number(id(text).slice(0, 10)), 0) >>> 0;
    const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
    expect(await supports('0x01ffc9a7')).toBe(true);
    expect(await supports(hex(erc7992))).toBe(true);
    expect(await supports('0xffffffff')).toBe(false);
    expect(await registry.getFunction('registry')()).toBe(await registry.getAddress());
    expect(await registry.getFunction('proofSystemOf')(idOf(DIGEST))).toBe(
      id('groth16-bn254-v1').slice(0, 10),
    );
  });
});

describe('a contract that requires this model, this input, this context', () => {
  let desk: Contract;

  beforeAll(async () => {
    registry = await newRegistry();
    await send(registry, 'registerModel', verifierOf(DIGEST), '');
    desk = await anvil.deploy(library.get('LoanDesk')!, await registry.getAddress(), idOf(DIGEST));
  });

  test('acts on the proof made for an application, once', async () => {
    const { proofs } = digestFixture;
    const digest = `0x${BigInt(proofs[1]!.publicSignals[1]!).toString(16).padStart(64, '0')}`;
    for (let i = 0; i < 9; i += 1) await send(desk, 'apply_', digest);
    expect(await desk.getFunction('contextText')(7n)).toBe('order 7');
    expect(await desk.getFunction('contextText')(1234n)).toBe('order 1234');
    const { output, proof } = inference(DIGEST, digestFixture, 1);
    expect(await ends(desk, 'decide', 8n, BigInt(output), proof)).not.toBe('passed');
    expect(await ends(desk, 'decide', 7n, 1n, proof)).not.toBe('passed');
    expect((await send(desk, 'decide', 7n, BigInt(output), proof)).at(-1)).toEqual(['Decided', [7n, false]]);
    expect(await ends(desk, 'decide', 7n, BigInt(output), proof)).toBe('AlreadyDecided');
    const consumed = registry.getFunction('isConsumed');
    expect(await consumed(await desk.getAddress(), SEVEN)).toBe(true);
  });

  test('does not act on a proof about another input', async () => {
    await send(desk, 'apply_', `0x${'01'.padStart(64, '0')}`);
    const { output, proof } = inference(DIGEST, digestFixture, 1);
    expect(await ends(desk, 'decide', 9n, BigInt(output), proof)).not.toBe('passed');
  });
});
