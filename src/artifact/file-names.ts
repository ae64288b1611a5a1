import { MODEL_FILE } from '../bundle/batch-names.ts';

/** Names of the files that `compile` writes into an artifact folder. */
export const ARTIFACT = {
  manifest: 'manifest.json',
  integerGraph: 'integer-graph.json',
  bounds: 'bounds.json',
  accuracy: 'accuracy.json',
  interface: 'interface.json',
  /** Not in artifacts of 0.1. */
  quality: 'quality.json',
  circom: 'circuit.circom',
  r1cs: 'circuit.r1cs',
  sym: 'circuit.sym',
  wasm: 'circuit.wasm',
  witnessPlan: 'witness-plan.bin',
  soundness: 'soundness.json',
} as const;

/** The folder of replaced keys, with a folder for each. */
export const KEPT_KEYS = 'keys';

/** Names of the files that `setup` and the provers add: they belong to one proving key. */
export const KEY_FILES = {
  zkey: 'circuit.zkey',
  /** Precomputed points that save the native prover two of its six transforms. */
  fold: 'circuit.zkey.fold',
  /** The zkey in the native prover's memory layout, with the digest of the zkey it was made from. */
  proverCache: 'circuit.prover-key',
  verificationKey: 'verification-key.json',
  setup: 'setup.json',
  /** The model record that verifiers pin. */
  model: MODEL_FILE,
} as const;
