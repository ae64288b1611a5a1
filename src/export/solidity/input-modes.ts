import { createHash } from 'node:crypto';
import type { InputMode, InputReading, PartReading } from '@quietproof/verify';
import { words } from './abi.ts';

/** How the contracts handle a model's input in one mode. */
interface ContractInput {
  /** Whether the input's single signal is the registry's input commitment. */
  readonly isCommitment: boolean;
  /** Describes the public signals for a comment, one line per run of similar signals. */
  readonly described: (input: InputReading) => readonly string[];
  /** The registry's input commitment, from the input's public signals. */
  readonly commitment: (modelId: string, signals: readonly bigint[]) => bigint;
  /** Input signals that the registry call must pass along, because the commitment is only a hash of them. */
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
