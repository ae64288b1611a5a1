import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import type { TransactionReceipt } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveBatch } from '#dist/index.js';
import type { BundleCalldata } from '../../src/export/solidity/bundle-calldata.ts';
import { Anvil } from '../export/solidity/support/anvil.ts';
import { compileInput } from '../export/solidity/support/compile.ts';
import { outcome } from '../export/solidity/support/deploy-verifier.ts';
import { type DigitsArtifact, digitsArtifact } from '../support/digits-artifact.ts';
import { runCli } from './support/run-cli.ts';

let anvil: Anvil;
beforeAll(async () => {
  anvil = await Anvil.start();
});
afterAll(() => anvil?.stop());

const ROWS = 3;
const CONTEXT = 'order 17';

describe.each(['digest', 'public'] as const)('a real model with %s input', (mode) => {
  let artifact: DigitsArtifact;
  let proofs: string;
  beforeAll(async () => {
    artifact = await digitsArtifact(mode);
    proofs = path.join(artifact.root, 'proofs');
    const context = new TextEncoder().encode(CONTEXT);
    const rows = artifact.rows.slice(0, ROWS);
    await proveBatch({ artifactDir: artifact.artifactDir, rows, outDir: proofs, workers: 1, context });
  });
  afterAll(() => artifact?.remove());

  const bundle = (row: number) => path.join(proofs, `${String(row).padStart(6, '0')}.proof.json`);
  async function json(...words: string[]) {
    const { code, stdout, stderr } = await runCli([...words, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  test('is exported, compiled with the exported settings, deployed and registered, and its proofs are checked', async () => {
    const out = path.join(artifact.root, 'contracts');
    const written = await json('export', artifact.artifactDir, '--target', 'solidity', '--out', out);
    expect(written.contract).toBe('DigitsMlpVerifier');
    const input = JSON.parse(await readFile(path.join(out, 'standard-input.json'), 'utf8'));
    const contracts = compileInput(JSON.stringify(input));
    for (const name of written.files.slice(0, -1))
      expect(input.sources[name].content).toBe(await readFile(path.join(out, name), 'utf8'));
    const compiled = contracts.get('DigitsMlpVerifier')!;
    expect(compiled.size).toBeLessThanOrEqual(written.codeSize);
    const verifier = await anvil.deploy(compiled);
    const owner = await (await anvil.signer()).getAddress();
    const registry = await anvil.deploy(contracts.get('ModelRegistry')!, owner);
    await (await registry.getFunction('registerModel').send(await verifier.getAddress(), '')).wait();

    for (let row = 0; row < ROWS; row += 1) {
      const calls = (await json('export', bundle(row), '--target', 'calldata')) as BundleCalldata;
      expect(calls.modelId).toBe(`0x${written.modelId}`);
      const check = verifier.getFunction('check');
      expect(await check(...calls.verify.args)).toBe(true);
      const sent = await verifier.getFunction('verify').send(...calls.verify.args);
      expect(((await sent.wait()) as TransactionReceipt).status).toBe(1);
      const require = { to: await registry.getAddress(), data: calls.requireInference.calldata };
      expect(await outcome(anvil.provider.call(require))).toBe('passed');
      const [points, signals] = calls.verify.args as [string[], string[]];
      const wrong = signals.with(0, `0x${((BigInt(signals[0]!) + 1n) % 10n).toString(16)}`);
      expect(await check(points, wrong)).toBe(false);
      const context = await registry.getFunction('contextSignal')(new TextEncoder().encode(CONTEXT));
      expect(BigInt(signals.at(-1)!)).toBe(context);
    }
  });

  test('calldata is printed alone, to be piped, but not for a bundle that is not valid', async () => {
    const { code, stdout, stderr } = await runCli(['export', bundle(1), '--target', 'calldata']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0x8f3308d9[0-9a-f]+\n$/);
    const calls = (await json('export', bundle(1), '--target', 'calldata')) as BundleCalldata;
    expect(stdout.trimEnd()).toBe(calls.verify.calldata);
    expect(stderr).toMatch(
      /^cast call "\$VERIFIER" 'check\(uint256\[8\],uint256\[\]\)\(bool\)' '\[0x[0-9a-f]{64},/m,
    );
    const bad = path.join(proofs, 'bad.proof.json');
    const [one, other] = await Promise.all([readFile(bundle(0), 'utf8'), readFile(bundle(1), 'utf8')]);
    await writeFile(bad, fileJson({ ...JSON.parse(one), proof: JSON.parse(other).proof }));
    const refused = await runCli(['export', bad, '--target', 'calldata']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^QP7953 /);
  });
});

test('a folder without a model record is refused, with a fix', async () => {
  const { code, stderr } = await runCli(['export', 'models', '--target', 'solidity']);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^QP7951 .*Pass an artifact that has a key, or a folder that quietproof prove wrote/,
  );
});
