import { affineEncoding, roundV1 } from '../encoding/affine.ts';
import type { FeatureEncoding } from '../encoding/feature-encoding.ts';
import { checkInterface } from './check-interface.ts';
import type { InputInterface, ModelInterface, OutputInterface } from './model-interface.ts';
import type { InputReading, OutputReading, Reading } from './reading.ts';

/** @throws Refusal QP7105 when the interface contradicts itself */
export function readingOfV1(model: ModelInterface): Reading {
  const plan = checkInterface(model);
  return {
    name: model.name,
    outputs: [readingOfOutput(model.output, plan.output)],
    input: readingOfInputV1(model.input),
    plan,
  };
}

/** @param input part of an interface that `checkInterface` has accepted */
export function readingOfInputV1(input: InputInterface): InputReading {
  const { mode, shape, encoding, names, units } = input;
  const made = new Map<number, FeatureEncoding>();
  const shared = [encoding.offset, encoding.step, encoding.max].every((items) => typeof items === 'string');
  const encodingOf = (index: number): FeatureEncoding => {
    const place = shared ? 0 : index;
    const known = made.get(place);
    if (known !== undefined) return known;
    const [offset, step, max] = [encoding.offset, encoding.step, encoding.max].map((items) =>
      at(items, place),
    );
    const fresh = affineEncoding({ offset: offset!, step: step!, max: max! }, roundV1);
    made.set(place, fresh);
    return fresh;
  };
  const part = {
    shape,
    count: shape.reduce((product, size) => product * size, 1),
    encodingOf,
    ...(names !== undefined && { names }),
    ...(units !== undefined && { units }),
  };
  return { mode, parts: [part], strayOpening: 'ignored' };
}

function readingOfOutput(output: OutputInterface, max: readonly bigint[]): OutputReading {
  switch (output.kind) {
    case 'argmax':
      return { kind: 'label', max, ...named(output.names) };
    case 'threshold':
      return { kind: 'decision', max, threshold: output.threshold, ...named(output.names) };
    case 'logits': {
      const { lo, scale, head, unit } = output;
      const common = { kind: 'scores' as const, max, lo: lo.map(BigInt), scale: Number(scale), head };
      return { ...common, ...named(output.names), ...(unit !== undefined && { unit }) };
    }
  }
}

function named(names: readonly string[] | undefined): { readonly names?: readonly string[] } {
  return names === undefined ? {} : { names };
}

function at(items: string | readonly string[], index: number): number {
  return Number(typeof items === 'string' ? items : items[index]);
}
