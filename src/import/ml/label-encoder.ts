import { FLOAT, INT64, STRING } from '../onnx/data-types.ts';
import type { Operator, OperatorContext } from '../onnx/operator.ts';
import type { HeadValue, Label, Value } from '../onnx/value.ts';
import { checkLabels } from './labels.ts';
import { addLookup } from './lookup.ts';
import { checkDistinct } from './numbers.ts';
import { intervalsOf, passing, rankSet } from './rank-set.ts';

/** Looks values up in a table: the name of a class, constants, or texts and numbers of the input. */
export const labelEncoder: Operator = (context) => {
  const table = readTable(context);
  const operand = context.inputs[0];
  if (operand?.kind === 'view') return ofInput(context, table);
  return lookedUp(context, table, operand);
};

function lookedUp(context: OperatorContext, read: Table, operand: Value | undefined): Value {
  const { keys, values, otherwise, dataType } = read;
  if (keys.length !== values.length)
    throw context.error('QP2111', `LabelEncoder has ${keys.length} keys for ${values.length} values`);
  const table = new Map<Label, Label>();
  keys.forEach((key, i) => {
    if (!table.has(key)) table.set(key, values[i]!);
  });
  const lookUp = (key: Label) => table.get(key) ?? otherwise;
  if (operand?.kind === 'head') return ofHead(context, operand, lookUp);
  if (operand?.kind !== 'const') throw context.error('QP2111', 'LabelEncoder is missing its input');
  const { data } = operand.tensor;
  const { texts } = context.builder;
  const keyOf = (value: number): Label => (operand.dataType === STRING ? texts[value]! : value);
  const found = data.map((value) => {
    const result = lookUp(keyOf(value));
    return typeof result === 'number' ? result : texts.push(result) - 1;
  });
  return { kind: 'const', tensor: { ...operand.tensor, data: found }, dataType };
}

function ofHead(context: OperatorContext, head: HeadValue, lookUp: (key: Label) => Label): Value {
  if (head.head !== 'argmax') throw context.unsupported('of scores');
  const labels = (head.labels ?? [...head.logits.ids.keys()]).map(lookUp);
  checkLabels(context, labels);
  return { ...head, labels };
}

/** Each entry adds its difference from what all other values become. */
function ofInput(context: OperatorContext, { keys, values, otherwise, dataType }: Table): Value {
  const { shape, ids } = context.anyView(0);
  if (keys.length !== values.length)
    throw context.error('QP2111', `LabelEncoder has ${keys.length} keys for ${values.length} values`);
  if (dataType === STRING) throw context.unsupported('to texts, but of a label,');
  const base = Number(otherwise);
  const numbers = values.map(Number);
  if (![base, ...numbers].every(Number.isFinite))
    throw context.error('QP2109', 'a value is not a finite number');
  const isText = context.input(0).dataType === STRING;
  if (keys.some((key) => (typeof key === 'string') !== isText)) {
    const form = isText ? 'of texts with keys that are numbers' : 'of numbers with keys that are texts';
    throw context.unsupported(form);
  }
  if (!isText) checkDistinct(context, keys.map(Number));
  const all = Array.from(ids).flatMap((id) => {
    const places = isText
      ? context.builder.textInputs.placesOf(id, keys.map(String), 'coded')
      : keys.map(Number);
    const entries = places.flatMap((place, k) => {
      // The first of equal keys counts, also of both zeros.
      if (places.findIndex((other) => Object.is(other + 0, place + 0)) < k) return [];
      // NaN is a key like others from version 4 on, and before that equal to nothing.
      const set = Number.isNaN(place) ? rankSet([], context.learnedOpset >= 4) : passing('EQ', place, false);
      const weight = numbers[k]! - base;
      return [{ passes: intervalsOf(set), missingPasses: set.holdsNaN, target: 0, weight }];
    });
    return [...addLookup(context, id, entries, Float64Array.of(base))];
  });
  return { kind: 'view', view: { shape, ids: Int32Array.from(all) }, dataType };
}

interface Table {
  readonly keys: readonly Label[];
  readonly values: readonly Label[];
  readonly otherwise: Label;
  readonly dataType: number;
}

/** Of version 1, a list of strings and its places; of later ones, keys and values of any kind. */
function readTable(context: OperatorContext): Table {
  const { attributes } = context;
  const classes = attributes.strings('classes_strings');
  const text = attributes.string('default_string', '_Unused');
  const whole = attributes.int('default_int64', -1);
  const real = attributes.float('default_float', -0);
  if (classes !== undefined) {
    const isText = context.inputs[0]?.dataType === STRING || typeof labelOf(context) === 'string';
    const places = [...classes.keys()];
    return isText
      ? { keys: classes, values: places, otherwise: whole, dataType: INT64 }
      : { keys: places, values: classes, otherwise: text, dataType: STRING };
  }
  const keys =
    attributes.ints('keys_int64s') ?? attributes.floats('keys_floats') ?? attributes.strings('keys_strings');
  const [ints, floats] = [attributes.ints('values_int64s'), attributes.floats('values_floats')];
  const strings = attributes.strings('values_strings');
  const found = keys ?? [];
  if (ints !== undefined) return { keys: found, values: ints, otherwise: whole, dataType: INT64 };
  if (floats !== undefined) return { keys: found, values: floats, otherwise: real, dataType: FLOAT };
  return { keys: found, values: strings ?? [], otherwise: text, dataType: STRING };
}

function labelOf({ inputs }: OperatorContext): Label | undefined {
  return inputs[0]?.kind === 'head' ? inputs[0].labels?.[0] : undefined;
}
