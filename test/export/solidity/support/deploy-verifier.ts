import { type AnyModelRecord, fileJson, prepareModel } from '@quietproof/verify';
import { type Contract, isError } from 'ethers';
import { type SoliditySources, soliditySources } from '../../../../src/export/solidity/solidity-sources.ts';
import type { Anvil } from './anvil.ts';
import { type Compiled, compile } from './compile.ts';

export type Words = readonly (bigint | string)[];

export async function sourcesOf(record: AnyModelRecord): Promise<SoliditySources> {
  return soliditySources(prepareModel(fileJson(record)));
}

export interface DeployedVerifier extends DeployedContract {
  readonly compiled: Compiled;
}

/** Compiles the contracts that are the same for every model, such as `ModelRegistry`. */
export async function compileLibrary(record: AnyModelRecord, more: ReadonlyMap<string, string> = new Map()) {
  const { contract, files } = await sourcesOf(record);
  return compile(new Map([...files, ...more].filter(([name]) => name !== `${contract}.sol`)));
}

/** @param change modifies the verifier's source, to show that the removed code is needed */
export async function deployVerifier(
  anvil: Anvil,
  record: AnyModelRecord,
  change: (source: string) => string = (source) => source,
): Promise<DeployedVerifier> {
  const { contract: name, files } = await sourcesOf(record);
  const [file, interfaceFile] = [`${name}.sol`, 'IQuietproofVerifier.sol'];
  const sources = new Map([
    [file, change(files.get(file)!)],
    [interfaceFile, files.get(interfaceFile)!],
  ]);
  const compiled = compile(sources).get(name)!;
  return { ...bind(await anvil.deploy(compiled)), compiled };
}

export interface DeployedContract {
  readonly contract: Contract;
  /** The result of `check`. */
  check(proof: Words, signals: Words): Promise<boolean>;
  /** 'valid', or the name of the error that `verify` reverts with. */
  verify(proof: Words, signals: Words): Promise<string>;
}

function bind(contract: Contract): DeployedContract {
  return {
    contract,
    check: (proof, signals) => contract.getFunction('check')(proof, signals),
    verify: (proof, signals) => outcome(contract.getFunction('verify').staticCall(proof, signals), 'valid'),
  };
}

/** The name of the custom error that a call reverts with, `reverted` if it has none, or `otherwise` on success. */
export async function outcome(call: Promise<unknown>, otherwise = 'passed'): Promise<string> {
  try {
    await call;
    return otherwise;
  } catch (error) {
    if (isError(error, 'CALL_EXCEPTION')) return error.revert?.name ?? 'reverted';
    throw error;
  }
}
