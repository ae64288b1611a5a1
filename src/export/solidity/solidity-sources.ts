import { readFile } from 'node:fs/promises';
import type { PreparedModel } from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { estimateCodeSize, MAX_CODE_SIZE, planContract } from './contract-plan.ts';
import { contractSource } from './contract-source.ts';

/** The package ships the contracts in `src`, not in `dist`. */
const CONTRACTS = new URL('../../../src/export/solidity/contracts/', import.meta.url);
const LIBRARY = ['IQuietproofVerifier.sol', 'IModelRegistry.sol', 'ModelRegistry.sol'] as const;

export interface SoliditySources {
  /** Name of the verifier contract. */
  readonly contract: string;
  /** Upper estimate of the verifier's deployed code, in bytes. */
  readonly codeSize: number;
  /** Text of each file, the verifier's first. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The contracts that check proofs of a model on chain.
 *
 * @param model from `prepareModel`, which refuses keys that admit known forgeries
 * @throws QP7952 if the verifier would exceed the size limit of a contract
 */
export async function soliditySources(model: PreparedModel): Promise<SoliditySources> {
  const { reading, plan } = model;
  const codeSize = estimateCodeSize(planContract(plan));
  if (codeSize > MAX_CODE_SIZE) throw tooLarge(plan.max.length, codeSize);
  const contract = contractName(reading.name);
  const verifier = contractSource(await contractText('Verifier.sol.template'), model, contract);
  const library = await Promise.all(LIBRARY.map(async (name) => [name, await contractText(name)] as const));
  return { contract, codeSize, files: new Map([[`${contract}.sol`, verifier], ...library]) };
}

/** A Solidity identifier: the words of the model's name, then "Verifier". */
export function contractName(model: string): string {
  const words = model.match(/[A-Za-z0-9]+/g) ?? [];
  const name = words
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')
    .slice(0, 64);
  const start = /^[A-Z]/.test(name) && name !== 'IQuietproof' ? '' : 'Model';
  return `${start}${name}Verifier`;
}

function contractText(name: string): Promise<string> {
  return readFile(new URL(name, CONTRACTS), 'utf8');
}

function tooLarge(signals: number, codeSize: number): QuietproofError {
  return new QuietproofError('QP7952', {
    where: `${signals} public signals take about ${codeSize} bytes of code; the limit is ${MAX_CODE_SIZE}`,
    fix: 'Compile the model with --input digest, and a label instead of logits: it then has three public signals',
  });
}
