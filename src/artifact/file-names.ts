import { MODEL_FILE } from '../bundle/batch-folder.ts';

/** Names of the files in an artifact folder: what `compile` writes, then what `setup` and the provers add. */
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

/** Where keys are kept that others took the place of, a folder each. */
export const KEPT_KEYS = 'keys';

/** Files that belong to one key. */
export const KEY_FILES = {
  zkey: 'circuit.zkey',
  /** Points that spare the native prover two of its six transforms. */
  fold: 'circuit.zkey.fold',
  /** The zkey in the native prover's own layout, under the digest of the file it was made from. */
  proverCache: 'circuit.prover-key',
  verificationKey: 'verification-key.json',
  setup: 'setup.json',
  /** What verifiers pin. */
  model: MODEL_FILE,
} as const;
