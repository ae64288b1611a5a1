/**
 * How the contracts are compiled: the figures in bench/gas.md and the estimates of code size hold for these settings.
 * Paris needs no opcode that some chain might lack; without a metadata hash the code depends on the code alone.
 */
export const SOLC_VERSION = '0.8.37';

export const SOLC_SETTINGS = {
  optimizer: { enabled: true, runs: 10_000 },
  evmVersion: 'paris',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
} as const;

/** What `solc --standard-json` reads. */
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
