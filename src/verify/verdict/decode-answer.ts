import { decodeInput } from '../input/encode-input.ts';
import type { InputInterface, LogitsOutput, OutputInterface } from '../interface/model-interface.ts';
import type { Answer, Feature } from './verdict-types.ts';

/** The output signals in the user's words. */
export function decodeAnswer(output: OutputInterface, signals: readonly bigint[]): Answer {
  const first = Number(signals[0]);
  switch (output.kind) {
    case 'logits':
      return decodeLogits(output, signals);
    case 'argmax':
      return { kind: 'label', index: first, ...named(output.names?.[first]) };
    case 'threshold':
      return {
        kind: 'decision',
        value: first === 1,
        threshold: output.threshold,
        ...named(output.names?.[first]),
      };
  }
}

/** real = (signal + lo) · scale, rounded to a double at the end. */
function decodeLogits(output: LogitsOutput, signals: readonly bigint[]): Answer {
  const scale = Number(output.scale);
  const values = signals.map((signal, index) => ({
    ...named(output.names?.[index]),
    value: Number(signal + BigInt(output.lo[index] as string)) * scale,
  }));
  return {
    kind: 'logits',
    values,
    head: output.head,
    ...(output.unit !== undefined && { unit: output.unit }),
  };
}

/** The input in its own units. */
export function decodeFeatures(input: InputInterface, values: readonly number[]): Feature[] {
  return decodeInput(input, values).map((value, index) => {
    const unit = input.units?.[index];
    return { ...named(input.names?.[index]), ...(unit !== undefined && { unit }), value };
  });
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}
