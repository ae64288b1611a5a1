/**
 * How the contracts are compiled. The figures in bench/gas.md and the estimates of code size hold for these settings.
 * EVM version Paris avoids opcodes that some chains lack. Without a metadata hash, the bytecode does not depend on
 * comments or file names.
 */
export const SOLC_VERSION = '0.8.37';

export const SOLC_SETTINGS = {
  optimizer: { enabled: true, runs: 10_000 },
  evmVersion: 'paris',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
} as const;

/** The input of `solc --standard-json`. */
export function standardInput(sources: ReadonlyMap<string, string>): object {
  return {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      ...SOLC_SETTINGS,
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
}
