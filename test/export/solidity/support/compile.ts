import { createRequire } from 'node:module';
import { standardInput } from '../../../../src/export/solidity/compiler-settings.ts';

/** solc comes without type declarations. */
const solc = createRequire(import.meta.url)('solc') as {
  version(): string;
  compile(input: string): string;
};

export interface Compiled {
  readonly abi: readonly object[];
  /** Creation code, hex without 0x. */
  readonly bytecode: string;
  /** Size of the deployed code in bytes. */
  readonly size: number;
}

interface SolcOutput {
  readonly errors?: readonly { readonly formattedMessage: string }[];
  readonly contracts?: Record<
    string,
    Record<
      string,
      { abi: object[]; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }
    >
  >;
}

export const solcVersion = (): string => solc.version();

/** Compiles all contracts in the files, by name. Warnings count as errors. */
export function compile(files: ReadonlyMap<string, string>): Map<string, Compiled> {
  return compileInput(JSON.stringify(standardInput(files)));
}

/** @param input the input of `solc --standard-json` */
export function compileInput(input: string): Map<string, Compiled> {
  const output = JSON.parse(solc.compile(input)) as SolcOutput;
  if (output.errors?.length) throw new Error(output.errors.map((e) => e.formattedMessage).join('\n'));
  const contracts = Object.values(output.contracts ?? {}).flatMap((file) => Object.entries(file));
  return new Map(
    contracts.map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: evm.bytecode.object, size: evm.deployedBytecode.object.length / 2 },
    ]),
  );
}
