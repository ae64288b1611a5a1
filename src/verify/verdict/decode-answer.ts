import { splitSignals } from '../interface/public-signals.ts';
import type { OutputReading, Reading, ScoresReading } from '../interface/reading.ts';
import type { Answer, NamedAnswer } from './verdict-types.ts';

/** The proved answer of each output. @param signals all public signals, within their bounds */
export function decodeAnswers(reading: Reading, signals: readonly bigint[]): NamedAnswer[] {
  const { outputs } = splitSignals(reading, signals);
  let first = 0;
  return reading.outputs.map((output) => {
    const own = outputs.slice(first, first + output.max.length);
    first += own.length;
    return { ...named(output.name), answer: decodeAnswer(output, own) };
  });
}

function decodeAnswer(output: OutputReading, signals: readonly bigint[]): Answer {
  const index = Number(signals[0]);
  switch (output.kind) {
    case 'label':
      return { kind: 'label', index, ...named(output.names?.[index]) };
    case 'decision': {
      const { threshold, names } = output;
      return { kind: 'decision', value: index === 1, threshold, ...named(names?.[index]) };
    }
    case 'category':
      return { kind: 'category', index, value: output.values[index] as string };
    case 'scores':
      return decodeScores(output, signals);
  }
}

/** real = (signal + lo) · scale. The sum is exact; only then is it converted to a double. */
function decodeScores({ names, lo, scale, head, unit }: ScoresReading, signals: readonly bigint[]): Answer {
  const values = signals.map((signal, index) => ({
    ...named(names?.[index]),
    value: Number(signal + (lo[index] as bigint)) * scale,
  }));
  return { kind: 'logits', values, head, ...(unit !== undefined && { unit }) };
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}
