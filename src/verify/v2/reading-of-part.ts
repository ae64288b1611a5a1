import { affineEncoding, gappedEncoding, roundV2 } from '../encoding/affine.ts';
import { categoryEncoding } from '../encoding/category.ts';
import type { FeatureEncoding } from '../encoding/feature-encoding.ts';
import { integerEncoding } from '../encoding/integer.ts';
import { rank32Encoding } from '../encoding/rank32.ts';
import { INPUT_MODES } from '../interface/input-modes.ts';
import type { InputMode } from '../interface/model-interface.ts';
import type { PartReading } from '../interface/reading.ts';
import { groupOf } from './axes.ts';
import { contradicts, entry, requireDistinct, requireLength } from './contradictions.ts';
import type { AffineEncodingV2, EncodingV2, InputPart, IntegerEncoding } from './interface-types.ts';

/** @throws Refusal QP7105 when the part contradicts itself */
export function readingOfPart(part: InputPart, count: number, mode: InputMode, at: string): PartReading {
  const { name, shape, names, units } = part;
  requireLength(names, count, `${at}.names`);
  requireLength(units, count, `${at}.units`);
  return {
    name,
    shape,
    count,
    encodingOf: encodingsOf(part, mode, `${at}.encoding`),
    ...(names !== undefined && { names }),
    ...(units !== undefined && { units }),
  };
}

function encodingsOf(
  { encoding, shape }: InputPart,
  mode: InputMode,
  at: string,
): (index: number) => FeatureEncoding {
  if (!('axes' in encoding)) {
    const only = ungrouped(encoding, at);
    return () => only;
  }
  checkAxes(encoding, shape, at);
  const groups = encoding.axes.reduce((product, axis) => product * (shape[axis] as number), 1);
  for (const items of groupMembers(encoding)) requireLength(items, groups, at);
  const made = Array.from({ length: groups }, (_, group) =>
    encoding.kind === 'affine' ? affineOf(encoding, group, mode, at) : integerOf(encoding, group, at),
  );
  const groupAt = groupOf(shape, encoding.axes);
  return (index) => made[groupAt(index)] as FeatureEncoding;
}

function ungrouped(
  encoding: Exclude<EncodingV2, AffineEncodingV2 | IntegerEncoding>,
  at: string,
): FeatureEncoding {
  if (encoding.kind === 'rank32') return rank32Encoding(encoding.nan);
  requireDistinct(encoding.values, `${at}.values`);
  const made = categoryEncoding(encoding);
  // A feature that can have only one value carries no information.
  if (made.max < 1) contradicts(`${at}.values`);
  return made;
}

function checkAxes(encoding: AffineEncodingV2 | IntegerEncoding, shape: readonly number[], at: string): void {
  const { axes } = encoding;
  const ascend = axes.every((axis, i) => axis < shape.length && (i === 0 || axis > (axes[i - 1] as number)));
  const lists = groupMembers(encoding).some((items) => typeof items !== 'string');
  if (!ascend || (!lists && axes.length > 0)) contradicts(`${at}.axes`);
}

function groupMembers(encoding: AffineEncodingV2 | IntegerEncoding): (string | readonly string[])[] {
  return encoding.kind === 'affine'
    ? [encoding.offset, encoding.step, encoding.max]
    : [encoding.lo, encoding.max];
}

function affineOf(encoding: AffineEncodingV2, group: number, mode: InputMode, at: string): FeatureEncoding {
  const offset = Number(entry(encoding.offset, group));
  const step = Number(entry(encoding.step, group));
  const max = maxOf(encoding, group, at);
  if (step <= 0) contradicts(`${at}.step`);
  if (!INPUT_MODES[mode].allowsMax(BigInt(max))) contradicts(`${at}.max`);
  if (!Number.isFinite(offset + step * max)) contradicts(`${at}.step`);
  return encoding.nan === undefined
    ? affineEncoding({ offset, step, max }, roundV2)
    : gappedEncoding({ offset, step, max }, roundV2);
}

function integerOf(encoding: IntegerEncoding, group: number, at: string): FeatureEncoding {
  const lo = BigInt(entry(encoding.lo, group));
  const max = maxOf(encoding, group, at);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (lo < -limit || lo + BigInt(max) > limit) contradicts(`${at}.lo`);
  return integerEncoding({ lo: Number(lo), max });
}

/** 1 to 2^53 − 1, because rows are rounded in doubles. */
function maxOf({ max }: AffineEncodingV2 | IntegerEncoding, group: number, at: string): number {
  const value = BigInt(entry(max, group));
  if (value < 1n || value > BigInt(Number.MAX_SAFE_INTEGER)) contradicts(`${at}.max`);
  return Number(value);
}
