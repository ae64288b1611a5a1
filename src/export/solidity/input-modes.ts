import { createHash } from 'node:crypto';
import type { InputMode, InputReading, PartReading } from '@quietproof/verify';
import { words } from './abi.ts';

/** What the contracts know of a model's input, under one mode. */
interface ContractInput {
  /** Whether the input's one signal is what the registry calls the commitment (the template's `DIGEST`). */
  readonly isCommitment: boolean;
  /** The public signals in a comment's words, one line for each run of them. */
  readonly described: (input: InputReading) => readonly string[];
  /** What the registry is asked about, from the input's public signals. */
  readonly commitment: (modelId: string, signals: readonly bigint[]) => bigint;
  /** Signals that the proof has to carry, because the commitment only names them. */
  readonly carried: (signals: readonly bigint[]) => readonly bigint[];
}

export const CONTRACT_INPUTS: { readonly [M in InputMode]: ContractInput } = {
  digest: {
    isCommitment: true,
    described: () => ['Poseidon digest of the input'],
    commitment: (_, [digest]) => digest!,
    carried: () => [],
  },
  public: {
    isCommitment: false,
    described: ({ parts }) => parts.map(describePart),
    commitment: publicInputCommitment,
    carried: (signals) => signals,
  },
};

function describePart({ name, count }: PartReading): string {
  const what = `${count} input value${count === 1 ? '' : 's'}`;
  return name === undefined ? what : `${name}: ${what}`;
}

/** The commitment to public inputs that `ModelRegistry` computes. */
function publicInputCommitment(modelId: string, inputs: readonly bigint[]): bigint {
  const hash = createHash('sha256').update('quietproof/public-input/v1');
  return BigInt(`0x${hash.update(Buffer.from(modelId + words(inputs), 'hex')).digest('hex')}`);
}
