import { R } from '../key/points.ts';
import { Refusal } from '../refusal.ts';
import { MAX_CONTEXT } from './context.ts';
import { INPUT_MODES } from './input-modes.ts';
import type { ModelInterface, OutputInterface, SignalGroup } from './model-interface.ts';
import { joinSignals, signalGroups } from './public-signals.ts';
import type { SignalPlan } from './reading.ts';

/**
 * Checks that an interface is consistent (SPEC.md, section 4): counts, bounds and names agree, and every bound follows
 * from the meaning of the signal. With ranges that are too wide, a verifier would accept answers the model never gave.
 *
 * @throws Refusal QP7105, naming the member
 */
export function checkInterface(model: ModelInterface): SignalPlan {
  const { input, output } = model;
  const features = input.shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(features)) refuse('input.shape');
  requireLength(input.names, features, 'input.names');
  requireLength(input.units, features, 'input.units');
  requireLength(input.encoding.offset, features, 'input.encoding.offset');
  requireLength(input.encoding.step, features, 'input.encoding.step');
  checkEncoding(model, features);
  const groups = signalGroups(model);
  const outputMax = checkOutput(output, groups.outputs);
  const inputMax = checkInputSignals(model, features, groups.input);
  requireGroup(groups.context, 'context', 1, [MAX_CONTEXT], 'signals[2]');
  const max = joinSignals({ outputs: outputMax, input: inputMax, context: MAX_CONTEXT });
  return { output: outputMax, input: inputMax, max };
}

function checkEncoding(model: ModelInterface, features: number): void {
  const { encoding, mode } = model.input;
  requireLength(encoding.max, features, 'input.encoding.max');
  for (const step of many(encoding.step)) if (Number(step) <= 0) refuse('input.encoding.step');
  for (const max of many(encoding.max).map(BigInt)) {
    // The quantizer computes in doubles.
    const wrong = max < 1n || max > BigInt(Number.MAX_SAFE_INTEGER) || !INPUT_MODES[mode].allowsMax(max);
    if (wrong) refuse('input.encoding.max');
  }
}

function checkOutput(output: OutputInterface, group: SignalGroup | undefined): bigint[] {
  switch (output.kind) {
    case 'threshold':
      return requireGroup(group, 'output', 1, [1n], 'signals[0]');
    case 'argmax':
      requireLength(output.names, output.count, 'output.names');
      return requireGroup(group, 'output', 1, [BigInt(output.count - 1)], 'signals[0]');
    case 'logits':
      requireLength(output.names, output.count, 'output.names');
      requireLength(output.lo, output.count, 'output.lo');
      if (Number(output.scale) <= 0) refuse('output.scale');
      return requireGroup(group, 'output', output.count, undefined, 'signals[0]');
  }
}

function checkInputSignals(
  model: ModelInterface,
  features: number,
  group: SignalGroup | undefined,
): bigint[] {
  const { mode, encoding } = model.input;
  const rules = INPUT_MODES[mode];
  const count = rules.signalCount(features);
  const max = bounds(
    rules.signalMax(() => encoding.max),
    count,
    'input.encoding.max',
  );
  return requireGroup(group, rules.role, count, max, 'signals[1]');
}

function requireGroup(
  group: SignalGroup | undefined,
  role: SignalGroup['role'],
  count: number,
  expected: readonly bigint[] | undefined,
  where: string,
): bigint[] {
  if (group?.role !== role || group.count !== count) return refuse(where);
  const max = bounds(group.max, count, where);
  if (max.some((bound, index) => bound >= R || (expected !== undefined && bound !== expected[index])))
    refuse(where);
  return max;
}

/** One bound per signal; the count is checked first, so that a hostile count allocates nothing. */
function bounds(max: string | readonly string[], count: number, where: string): bigint[] {
  requireLength(max, count, where);
  // More signals than this do not fit into a bundle of 1 MiB.
  if (count > 1 << 20) refuse(where);
  return typeof max === 'string' ? new Array<bigint>(count).fill(BigInt(max)) : max.map(BigInt);
}

function requireLength(items: string | readonly string[] | undefined, count: number, where: string): void {
  if (items !== undefined && typeof items !== 'string' && items.length !== count) refuse(where);
}

function many(items: string | readonly string[]): readonly string[] {
  return typeof items === 'string' ? [items] : items;
}

function refuse(where: string): never {
  throw new Refusal('QP7105', { where: `interface.${where}` });
}
