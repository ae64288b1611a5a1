import { randomBytes, randomInt } from 'node:crypto';
import {
  featuresOf,
  inputDigest,
  inputWidths,
  type Reading,
  saltFor,
  splitSignals,
} from '@quietproof/verify';
import { openWitnessCalculator } from '../artifact/open-witness-calculator.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { WitnessSource } from './check-behaviour.ts';

/** Input and context that a witness was made for. */
export interface Stated {
  readonly integers: readonly number[];
  /** null if the input mode takes none. */
  readonly salt: bigint | null;
  readonly context: bigint;
}

/**
 * Witnesses of random rows within the input's range, with random salts and contexts. The signals of the first are
 * compared with what verifiers expect of its input: a key whose proofs nobody can open is found before it is used.
 */
export async function randomWitnesses(folder: string, reading: Reading): Promise<WitnessSource> {
  const { input } = reading;
  const calculator = await openWitnessCalculator(folder);
  const highest = featuresOf(input).map(({ encoding }) => encoding.max);
  let isCompared = false;
  return () => {
    const integers = highest.map((max) => randomInt(max + 1));
    const salt = saltFor(input.mode, () => randomBits(16));
    const context = randomBits(31);
    const { witness, publicSignals } = calculator.calculate(integers, salt, context);
    if (!isCompared) requireStated(reading, { integers, salt, context }, publicSignals);
    isCompared = true;
    return witness;
  };
}

/**
 * Compares public signals with the input that they are of, by the verifier's own digest, which shares no code with the
 * circuit's.
 *
 * @throws QuietproofError QP5023
 */
export function requireStated(reading: Reading, stated: Stated, signals: readonly bigint[]): void {
  const { integers, salt } = stated;
  const found = splitSignals(reading, signals);
  const input =
    salt === null ? integers.map(BigInt) : [inputDigest(integers, inputWidths(reading.input), salt)];
  const isSame = input.length === found.input.length && input.every((one, i) => one === found.input[i]);
  if (isSame && found.context === stated.context) return;
  throw new QuietproofError('QP5023', {
    what: 'The public signals of a random row do not state its input as verifiers read it',
    fix: 'Compile the model again, and report a bug if it happens twice',
  });
}

function randomBits(bytes: number): bigint {
  return BigInt(`0x${randomBytes(bytes).toString('hex')}`);
}
