import type { CostRecord } from '../artifact/artifact-manifest.ts';
import { type CircomWork, circomResidentBytes, circomSeconds } from '../circuit/circom/circom-work.ts';

/**
 * What a model takes, whatever else the machine does. Sizes follow from the circuit; times are those of the machine of
 * bench/README.md, times how long this one takes for a fixed piece of work.
 */
export interface Prediction {
  readonly keyBytes: number;
  readonly compileSeconds: number;
  /** Resident memory of the compiler circom. */
  readonly circomBytes: number;
  /** One proof on one core. */
  readonly provers: Readonly<Record<'native' | 'snarkjs', ProverPrediction>>;
}

export interface ProverPrediction {
  readonly seconds: number;
  /** Of one process that has proved, with one worker. */
  readonly memoryBytes: number;
}

export interface PredictionTask {
  readonly cost: CostRecord;
  readonly work: CircomWork;
  /** Of constraints that have more than three. */
  readonly furtherCoefficients: number;
  /** How many times as long as the reference machine this one takes. */
  readonly slowness: number;
  /** What choosing bits took on this machine, where it was done on the user's rows. */
  readonly quantizeSeconds?: number;
}

const KEY_BYTES_PER_COEFFICIENT = 44;
/** Points of A, B (in G1 and G2) and C for its wire, and three coefficients. */
const KEY_BYTES_PER_CONSTRAINT = 64 + 64 + 128 + 64 + 3 * KEY_BYTES_PER_COEFFICIENT;
/** Points of A, B and the verification key, and a coefficient. */
const KEY_BYTES_PER_PUBLIC_SIGNAL = 64 + 64 + 128 + 64 + KEY_BYTES_PER_COEFFICIENT;
const KEY_BYTES_PER_DOMAIN_ROW = 64;

/** Starting, importing, reading and writing. */
const BASE_COMPILE_SECONDS = 1.2;
const UNKNOWN_QUANTIZE_SECONDS = 1;
/** The check of soundness, of a few witnesses, and the witness plan. */
const CHECK_SECONDS_PER_CONSTRAINT = 2e-5;

/**
 * Fitted to bench/README.md, one thread: proofs of 465 to 129,775 constraints. A row of the digest counts twice, since its
 * wires are field elements and not bits; sums over points grow a little slower than their number.
 */
const PROVERS = {
  native: { base: 0.003, scale: 1.0e-5, power: 0.83, baseMemory: 66e6, bytesPerDomainRow: 2_170 },
  snarkjs: { base: 0.02, scale: 1.59e-4, power: 0.895, baseMemory: 140e6, bytesPerDomainRow: 2_300 },
} as const;

export function predict({
  cost,
  work,
  furtherCoefficients,
  slowness,
  quantizeSeconds,
}: PredictionTask): Prediction {
  const domain = 2 ** cost.domainPower;
  const size = cost.constraints + cost.digest;
  const prover = (name: keyof typeof PROVERS): ProverPrediction => {
    const { base, scale, power, baseMemory, bytesPerDomainRow } = PROVERS[name];
    return {
      seconds: slowness * (base + scale * size ** power),
      memoryBytes: baseMemory + domain * bytesPerDomainRow,
    };
  };
  const fixed = BASE_COMPILE_SECONDS + circomSeconds(work) + cost.constraints * CHECK_SECONDS_PER_CONSTRAINT;
  return {
    keyBytes:
      cost.constraints * KEY_BYTES_PER_CONSTRAINT +
      furtherCoefficients * KEY_BYTES_PER_COEFFICIENT +
      cost.publicSignals * KEY_BYTES_PER_PUBLIC_SIGNAL +
      domain * KEY_BYTES_PER_DOMAIN_ROW,
    compileSeconds: slowness * fixed + (quantizeSeconds ?? slowness * UNKNOWN_QUANTIZE_SECONDS),
    circomBytes: circomResidentBytes(work),
    provers: { native: prover('native'), snarkjs: prover('snarkjs') },
  };
}
