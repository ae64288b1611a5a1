import { stat } from 'node:fs/promises';
import { listBundles } from '../../bundle/batch-names.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { nextStep } from '../next-step.ts';
import { expectPath } from '../paths/check-paths.ts';
import type { Shell } from '../shell.ts';
import type { ExportTarget, ExportWords } from './target.ts';

export const solidityTarget: ExportTarget = {
  name: 'solidity',
  makes: 'a verifier contract and a model registry, for an artifact',
  example: 'quietproof export artifacts/digits-mlp --target solidity --out contracts',
  write: async (shell, subject, words) => writeContracts(shell, subject, words),
};

export const calldataTarget: ExportTarget = {
  name: 'calldata',
  makes: 'the contract calls that check a bundle on chain',
  example: 'quietproof export proofs/000003.proof.json --target calldata',
  write: async (shell, subject) => printCalldata(shell, subject),
};

export const vouchingTarget: ExportTarget = {
  name: 'vouching',
  makes: 'the registry call that records who vouches for the model of a bundle',
  example:
    'quietproof export proofs/000003.proof.json --target vouching --trust trust.json --statements statements',
  write: async (shell, subject, words) => printVouching(shell, subject, words),
};

async function writeContracts(shell: Shell, artifact: string, words: ExportWords): Promise<void> {
  await expectPath(artifact, 'artifact-or-proofs');
  const { writeSolidity } = await import('../../export/solidity/write-solidity.ts');
  const written = await writeSolidity(artifact, words.out, words);
  const { folder, contract, files, codeSize, solc } = written;
  const bundle = (await firstBundle(artifact)) ?? 'proofs/000000.proof.json';
  shell.result(written, () =>
    [
      shell.style.bold(`${contract} checks proofs of this model on chain`),
      ...files.map((file) => `  ${folder}/${file}`),
      `  about ${codeSize} bytes of code (limit: 24576); compile with solc ${solc} --standard-json standard-input.json`,
      nextStep('export', bundle, { '--target': 'calldata' }),
    ].join('\n'),
  );
}

/** Proofs of the model, if it was exported from a folder of them. */
async function firstBundle(subject: string): Promise<string | undefined> {
  const isFolder = (await stat(subject)).isDirectory();
  return isFolder ? (await listBundles(subject))[0] : undefined;
}

async function printCalldata(shell: Shell, bundle: string): Promise<void> {
  await expectPath(bundle, 'bundle');
  const { bundleCalldata } = await import('../../export/solidity/bundle-calldata.ts');
  const call = await bundleCalldata(bundle);
  shell.note(`For verify() of the model's contract. To check it without a transaction:\n${call.cast}`);
  shell.note('→ for the registry, and for the arguments one by one, add --json');
  shell.result(call, () => call.verify.calldata);
}

async function printVouching(shell: Shell, bundle: string, words: ExportWords): Promise<void> {
  const { trust, statements, at } = words;
  if (trust === undefined) {
    throw new QuietproofError('QP1001', {
      what: '--target vouching needs a trust file',
      fix: 'Add --trust <trust.json>',
    });
  }
  await expectPath(bundle, 'bundle');
  const { vouchingCalldata } = await import('../../export/solidity/vouching-calldata.ts');
  const call = await vouchingCalldata(bundle, {
    trust,
    ...(statements !== undefined && { statements }),
    ...(at !== undefined && { at }),
  });
  const lines = call.statements.map(({ kind, party, keyId }) => `  ${kind} by ${party}, key ${keyId}`);
  shell.note(`For recordVouching() of the registry, by its owner:\n${lines.join('\n')}`);
  shell.note(
    'The registry checks no signature: it keeps your word, and digests by which others can check it.',
  );
  shell.result(call, () => call.recordVouching.calldata);
}
