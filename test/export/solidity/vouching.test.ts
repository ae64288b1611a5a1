import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AnyModelRecord, parseAnyBundle } from '@quietproof/verify';
import type { Contract, TransactionReceipt } from 'ethers';
import { id, sha256 } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type VouchingCalldata, vouchingCalldata } from '../../../src/export/solidity/vouching-calldata.ts';
import { runCli } from '../../cli/support/run-cli.ts';
import { honest, NOW, trustFile } from '../../conformance/make/v2/trust/honest.ts';
import { keyId } from '../../conformance/make/v2/trust/signing.ts';
import { materialise, readCases } from '../../conformance/materialise.ts';
import { Anvil } from './support/anvil.ts';
import { compileLibrary, deployVerifier, outcome } from './support/deploy-verifier.ts';

let anvil: Anvil;
let registry: Contract;
let folder: string;
let record: AnyModelRecord;
let call: VouchingCalldata;

const at = (name: string) => path.join(folder, name);
/** Statements of contributors, a re-deriver and the producer about the model of a bundle, by who signed them. */
async function writeStatements(name: string, who: readonly string[]): Promise<string> {
  await mkdir(at(name));
  const signed = Object.entries(honest()).filter(([one]) => who.includes(one));
  for (const [one, envelope] of signed) await writeFile(path.join(at(name), `${one}.json`), envelope);
  return at(name);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vouching-'));
  const given = readCases('bundles-v2').find((one) => one.id === 'trust/all')!;
  const bundle = materialise(given.files.bundle!, 'bundles-v2');
  await writeFile(at('bundle.proof.json'), bundle);
  await writeFile(at('trust.json'), JSON.stringify(trustFile()));
  const statements = [await writeStatements('all', ['ada', 'grace', 'audit', 'bank'])];
  call = await vouchingCalldata(at('bundle.proof.json'), { trust: at('trust.json'), statements, at: NOW });
  record = parseAnyBundle(bundle).model!;
  anvil = await Anvil.start();
  const library = await compileLibrary(record);
  const owner = await (await anvil.signer()).getAddress();
  registry = await anvil.deploy(library.get('ModelRegistry')!, owner);
  const { contract } = await deployVerifier(anvil, record);
  await (await registry.getFunction('registerModel').send(await contract.getAddress(), '')).wait();
});
afterAll(async () => {
  await anvil?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function eventsOf(sent: Promise<{ wait(): Promise<unknown> }>) {
  const { logs } = (await (await sent).wait()) as TransactionReceipt;
  return logs.map((log) => {
    const parsed = registry.interface.parseLog(log);
    return [parsed?.name, ...(parsed?.args.toArray() ?? [])];
  });
}

const send = async (data: string) =>
  eventsOf((await anvil.signer()).sendTransaction({ to: await registry.getAddress(), data }));
const ends = (method: string, ...words: unknown[]) =>
  outcome(registry.getFunction(method).staticCall(...words));
const modelId = () => BigInt(`0x${record.ids.modelId}`);
const key = (name: string) => `0x${keyId(name)}`;
const args = () => call.recordVouching.args as unknown as [string, string, string[], unknown[][]];
const POLICY_OF_NOBODY = `0x${'07'.repeat(32)}`;

describe('who vouches for a model, on a chain', () => {
  test('is what its signers signed, by the trust file that was met', async () => {
    expect(call.least).toEqual({ contribution: 2, rederivation: 1, release: 1 });
    expect(call.policy).toBe(sha256(Buffer.from(JSON.stringify(trustFile()))));
    expect(call.statements.map(({ kind, party }) => `${kind}: ${party}`).sort()).toEqual([
      'contribution: Ada',
      'contribution: Grace',
      'rederivation: Audit',
      'release: Bank',
    ]);
    const digests = Object.values(honest())
      .slice(0, 4)
      .map((text) => sha256(Buffer.from(JSON.parse(String(text)).payload, 'base64')));
    expect(call.statements.map(({ digest }) => digest).sort()).toEqual(digests.sort());
    const { signature, calldata } = call.recordVouching;
    expect(calldata.slice(0, 10)).toBe(id(signature).slice(0, 10));
    expect(registry.interface.encodeFunctionData('recordVouching', args())).toBe(calldata);
  });

  test('is recorded with an event per statement, and can be read', async () => {
    const events = await send(call.recordVouching.calldata);
    expect(events.slice(0, -1)).toEqual(
      call.statements.map(({ kind, keyId, digest, party }) => [
        'StatementRecorded',
        modelId(),
        keyId,
        { contribution: 0n, rederivation: 1n, release: 2n }[kind],
        digest,
        party,
      ]),
    );
    expect(events.at(-1)).toEqual(['VouchingRecorded', modelId(), call.policy, 2n, 1n, 1n]);
    const block = await anvil.provider.getBlock('latest');
    const stored = await registry.getFunction('vouchingOf')(modelId());
    expect(stored.toArray()).toEqual([call.policy, BigInt(block!.timestamp), 2n, 1n, 1n]);
    const has = registry.getFunction('hasVouched');
    expect(await has(modelId(), 0, key('ada'))).toBe(true);
    expect(await has(modelId(), 1, key('ada'))).toBe(false);
    expect(await has(modelId(), 1, key('audit'))).toBe(true);
    expect(await has(modelId(), 0, key('eve'))).toBe(false);
    expect(await ends('requireVouching', modelId(), call.policy)).toBe('passed');
    expect(await ends('requireVouching', modelId(), POLICY_OF_NOBODY)).toBe('NotVouchedFor');
  });

  test('is refused from others, of other models, and where fewer keys are named than asked for', async () => {
    const [model, policy, least, statements] = args();
    const stranger = registry.connect(await anvil.signer(1)) as Contract;
    expect(await outcome(stranger.getFunction('recordVouching').staticCall(...args()))).toBe('NotOwner');
    expect(await outcome(stranger.getFunction('withdrawVouching').staticCall(model))).toBe('NotOwner');
    const record = (...words: unknown[]) => ends('recordVouching', ...words);
    expect(await record(5n, policy, least, statements)).toBe('ModelNotFound');
    expect(await record(model, `0x${'0'.repeat(64)}`, least, statements)).toBe('NotAPolicy');
    for (const none of [
      [0, 0, 0],
      [1, 0, 1],
      [0, 1, 1],
    ]) {
      expect(await record(model, policy, none, statements)).toBe('NotAPolicy');
    }
    expect(await record(model, policy, [0, 0, 1], statements)).toBe('passed');
    for (const more of [
      [3, 1, 1],
      [2, 2, 1],
      [2, 1, 2],
    ]) {
      expect(await record(model, policy, more, statements)).toBe('ThresholdNotMet');
    }
    expect(await record(model, policy, least, statements.slice(1))).toBe('ThresholdNotMet');
    expect(await record(model, policy, least, [])).toBe('ThresholdNotMet');
    expect(await record(model, policy, least, statements.toReversed())).toBe('StatementsNotAscending');
    const twice = [statements[0]!, statements[0]!, ...statements.slice(2)];
    expect(await record(model, policy, least, twice)).toBe('StatementsNotAscending');
  });

  test('is replaced as a whole, and withdrawn with an event', async () => {
    const [model, , , statements] = args();
    const release = statements.slice(3);
    const again = registry.getFunction('recordVouching').send(model, POLICY_OF_NOBODY, [0, 0, 1], release);
    expect((await eventsOf(again as never)).map(([name]) => name)).toEqual([
      'StatementRecorded',
      'VouchingRecorded',
    ]);
    const has = registry.getFunction('hasVouched');
    expect(await has(modelId(), 0, key('ada'))).toBe(false);
    expect(await has(modelId(), 2, key('bank'))).toBe(true);
    expect(await ends('requireVouching', modelId(), call.policy)).toBe('NotVouchedFor');
    const withdrawn = registry.getFunction('withdrawVouching').send(model);
    expect(await eventsOf(withdrawn as never)).toEqual([['VouchingWithdrawn', modelId(), POLICY_OF_NOBODY]]);
    expect(await has(modelId(), 2, key('bank'))).toBe(false);
    expect((await registry.getFunction('vouchingOf')(modelId()))[0]).toBe(`0x${'0'.repeat(64)}`);
    expect(await ends('requireVouching', modelId(), POLICY_OF_NOBODY)).toBe('NotVouchedFor');
    expect(await ends('requireVouching', modelId(), `0x${'0'.repeat(64)}`)).toBe('NotVouchedFor');
    expect(await ends('withdrawVouching', model)).toBe('NotVouchedFor');
  });

  test('ends with the model, which its owner retires', async () => {
    await send(call.recordVouching.calldata);
    const retired = registry.getFunction('deprecateModel').send(modelId());
    expect(await eventsOf(retired as never)).toEqual([['ModelDeprecated', modelId()]]);
    const refusal = 'VerificationRefused_ModelDeprecated';
    expect(await ends('requireVouching', modelId(), call.policy)).toBe(refusal);
    expect(await ends('recordVouching', ...args())).toBe(refusal);
  });
});

describe('the call that records it', () => {
  test.each(['ada', 'grace', 'audit', 'bank'])('is not made without the statement of %s', async (missing) => {
    const who = ['ada', 'grace', 'audit', 'bank'].filter((one) => one !== missing);
    const statements = [await writeStatements(`without-${missing}`, who)];
    expect(await readdir(statements[0]!)).toHaveLength(3);
    await expect(
      vouchingCalldata(at('bundle.proof.json'), { trust: at('trust.json'), statements, at: NOW }),
    ).rejects.toMatchObject({ code: 'QP7953' });
  });

  test('names each key once, however many statements it signed', async () => {
    const statements = [at('all'), path.join(at('all'), 'ada.json')];
    const again = await vouchingCalldata(at('bundle.proof.json'), {
      ...{ trust: at('trust.json'), statements, at: NOW },
    });
    expect(again.recordVouching).toEqual(call.recordVouching);
  });

  test('is printed by the command, which needs a trust file', async () => {
    const words = ['export', at('bundle.proof.json'), '--target', 'vouching'];
    const asked = ['--trust', at('trust.json'), '--statements', at('all'), '--at', NOW];
    const { code, stdout, stderr } = await runCli([...words, ...asked]);
    expect({ code, printed: stdout.trim() }).toEqual({ code: 0, printed: call.recordVouching.calldata });
    expect(stderr).toContain(`rederivation by Audit, key ${key('audit')}`);
    expect(stderr).toContain('The registry checks no signature');
    const unasked = await runCli(words);
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('--trust');
  });
});
