import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { IntegerGraph } from '../../integer/integer-graph.ts';
import { formatBytes, formatCount } from '../../text/units.ts';
import { WASM_MEMORY_MIB } from './circom-process.ts';

/** What decides how long circom takes, and how much memory. */
export interface CircomWork {
  readonly constraints: number;
  /** Of linear layers, each once: circom runs a template once however many positions it has. */
  readonly weights: number;
}

/**
 * Circuits that circom2@0.2.23 compiled (`--O1 --r1cs --sym`, Node 20.20.2, 8 bits and a digest throughout): pages of
 * WebAssembly memory at its end, and CPU seconds (user + system) of one run each, on a machine with other work that takes
 * twice what that of bench/README.md takes.
 */
export const MEASURED: readonly (CircomWork & {
  readonly circuit: string;
  readonly pages: number;
  readonly cpuSeconds: number;
})[] = [
  {
    circuit: 'CNN of MNIST, batch norms',
    constraints: 58_948,
    weights: 3_704,
    pages: 1_608,
    cpuSeconds: 10.7,
  },
  { circuit: 'LeNet-5', constraints: 146_384, weights: 61_478, pages: 4_680, cpuSeconds: 24.7 },
  {
    circuit: 'CNN, 24 and 16 channels',
    constraints: 368_828,
    weights: 23_036,
    pages: 5_960,
    cpuSeconds: 37.7,
  },
  { circuit: 'MLP 784-512-256-10', constraints: 27_614, weights: 535_040, pages: 3_656, cpuSeconds: 44.7 },
  {
    circuit: 'MLP 784-1024-1024-10',
    constraints: 61_377,
    weights: 1_861_632,
    pages: 11_080,
    cpuSeconds: 141.4,
  },
];

/**
 * Fitted to the measurements: a weight takes the same in both MLPs, and what a constraint takes differs by a factor of two
 * between layers of many inputs and of few.
 */
const BASE_BYTES = 10 * 2 ** 20;
const BYTES_PER_CONSTRAINT = 1_500;
const BYTES_PER_WEIGHT = 320;
/** Of Node, with the compiler's code. */
const PROCESS_BYTES = 9e7;
/** Fitted in the same way, for the machine of bench/README.md when it is idle: half of what was measured. */
const BASE_SECONDS = 0.4;
const SECONDS_PER_CONSTRAINT = 6.2e-5;
const SECONDS_PER_WEIGHT = 3.7e-5;

/** @param constraints of the whole circuit, from its cost */
export function circomWork({ nodes }: IntegerGraph, constraints: number): CircomWork {
  const linears = nodes.flatMap((node) => (node.op === 'linear' ? node.blocks : []));
  return { constraints, weights: linears.reduce((sum, block) => sum + block.weights.length, 0) };
}

/** Predicted resident memory of the compiler's process. */
export function circomResidentBytes(work: CircomWork): number {
  return PROCESS_BYTES + circomBytes(work);
}

/** Predicted WebAssembly memory. */
export function circomBytes({ constraints, weights }: CircomWork): number {
  return BASE_BYTES + constraints * BYTES_PER_CONSTRAINT + weights * BYTES_PER_WEIGHT;
}

/** Predicted CPU seconds, which are those that a user waits, on the machine of bench/README.md. */
export function circomSeconds({ constraints, weights }: CircomWork): number {
  return BASE_SECONDS + constraints * SECONDS_PER_CONSTRAINT + weights * SECONDS_PER_WEIGHT;
}

/** The refusal of a circuit that circom's memory does not hold; undefined if it does. */
export function sizeRefusal(work: CircomWork): QuietproofError | undefined {
  const limit = WASM_MEMORY_MIB * 2 ** 20;
  const bytes = circomBytes(work);
  if (bytes <= limit) return undefined;
  const { constraints, weights } = work;
  const byWeights = weights * BYTES_PER_WEIGHT > constraints * BYTES_PER_CONSTRAINT;
  const most = byWeights
    ? Math.floor((limit - bytes) / BYTES_PER_WEIGHT + weights)
    : Math.floor((limit - bytes) / BYTES_PER_CONSTRAINT + constraints);
  const size = `${formatCount(constraints)} constraints and ${formatCount(weights)} weights`;
  return new QuietproofError('QP4003', {
    where: `${size} take it about ${formatBytes(bytes)}, and WebAssembly holds ${formatBytes(limit)}`,
    fix: byWeights
      ? `Make dense layers smaller: about ${formatCount(roundDown(most))} weights fit`
      : `Use fewer bits (--bits), or fewer or smaller layers that round: about ${formatCount(roundDown(most))} constraints fit`,
  });
}

/** To two digits: the prediction knows no more. */
function roundDown(count: number): number {
  if (count <= 0) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.floor(count / step) * step;
}
