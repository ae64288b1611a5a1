import { MAX_CONTEXT } from '../interface/context.ts';
import { INPUT_MODES } from '../interface/input-modes.ts';
import { joinSignals } from '../interface/public-signals.ts';
import type { InputReading, Reading } from '../interface/reading.ts';
import { product } from './axes.ts';
import { contradicts, requireDistinct } from './contradictions.ts';
import type { InputV2, InterfaceV2 } from './interface-types.ts';
import { MAX_SIGNALS } from './read-bundle.ts';
import { readingOfOutput, signalCount } from './reading-of-output.ts';
import { readingOfPart } from './reading-of-part.ts';

/** Features of all parts together. */
const MAX_FEATURES = 1_048_576;

/**
 * Checks that an interface is consistent (SPEC.md, section 16) and returns how to read its signals and features. It
 * counts signals and features before it allocates anything of that size.
 *
 * @throws Refusal QP7105, naming the member
 */
export function checkInterfaceV2({ name, outputs, input }: InterfaceV2): Reading {
  requireDistinct(outputs.map(nameOf), 'outputs');
  requireDistinct(input.parts.map(nameOf), 'input.parts');
  const counts = input.parts.map(({ shape }) => product(shape));
  const features = sum(counts);
  if (!(features <= MAX_FEATURES)) contradicts('input.parts');
  const outputSignals = sum(outputs.map(signalCount));
  const { signalCount: inputSignalCount, signalMax } = INPUT_MODES[input.mode];
  if (outputSignals + inputSignalCount(features) + 1 > MAX_SIGNALS) contradicts('outputs');
  const outputReadings = outputs.map((output, i) => readingOfOutput(output, `outputs[${i}]`));
  const inputReading = readingOfInput(input, counts);
  const outputMax = outputReadings.flatMap(({ max }) => max);
  const inputMax = [signalMax(() => featureMax(inputReading))].flat().map(BigInt);
  return {
    name,
    outputs: outputReadings,
    input: inputReading,
    plan: {
      output: outputMax,
      input: inputMax,
      max: joinSignals({ outputs: outputMax, input: inputMax, context: MAX_CONTEXT }),
    },
  };
}

function readingOfInput({ mode, parts }: InputV2, counts: readonly number[]): InputReading {
  return {
    mode,
    strayOpening: 'refused',
    parts: parts.map((part, i) => readingOfPart(part, counts[i] as number, mode, `input.parts[${i}]`)),
  };
}

function featureMax({ parts }: InputReading): string[] {
  return parts.flatMap(({ count, encodingOf }) =>
    Array.from({ length: count }, (_, index) => String(encodingOf(index).max)),
  );
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
