import { readFileSync } from 'node:fs';
import { parseAnyBundle, parseAnyOpening, readingOf, splitSignals } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { requireStated } from '../../src/setup/random-witnesses.ts';

const BASES = new URL('../vectors/bundles-v2/bases/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, BASES));

describe('the signals of a trial witness', () => {
  const bundle = parseAnyBundle(read('label-a.proof.json'));
  const reading = readingOf(bundle.model!.interface);
  const signals = bundle.publicSignals.map(BigInt);
  const { values, salt } = parseAnyOpening(read('label-a.opening.json'));
  const stated = { integers: values, salt: BigInt(salt), context: splitSignals(reading, signals).context };

  it('state its input as verifiers read it', () => {
    expect(() => requireStated(reading, stated, signals)).not.toThrow();
  });

  it('are refused with another digest, input, salt or context', () => {
    const { integers } = stated;
    const digestAt = signals.length - 2;
    for (const [wrong, others] of [
      [stated, signals.with(digestAt, signals[digestAt]! + 1n)],
      [stated, signals.toSpliced(digestAt, 1)],
      [{ ...stated, integers: integers.with(0, integers[0]! ^ 1) }, signals],
      [{ ...stated, salt: stated.salt + 1n }, signals],
      [{ ...stated, context: stated.context + 1n }, signals],
      [{ ...stated, salt: null }, signals],
    ] as const) {
      expect(() => requireStated(reading, wrong, others)).toThrow(/do not state its input/);
    }
  });
});
