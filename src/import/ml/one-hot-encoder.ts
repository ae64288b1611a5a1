import { FLOAT, STRING } from '../onnx/data-types.ts';
import type { Operator, OperatorContext } from '../onnx/operator.ts';
import { addLookup, type Entry } from './lookup.ts';
import { checkDistinct } from './numbers.ts';
import { intervalsOf, passing, type RankSet, rankSet } from './rank-set.ts';

/** A 1 at the place of the category, and zeros elsewhere; only zeros for another value, if `zeros` says so. */
export const oneHotEncoder: Operator = (context) => {
  const { attributes } = context;
  const { shape, ids } = context.anyView(0);
  const strings = attributes.strings('cats_strings') ?? [];
  const integers = attributes.ints('cats_int64s') ?? [];
  const count = strings.length + integers.length;
  if (count === 0 || (strings.length > 0 && integers.length > 0) || shape.length > 2)
    throw context.error(
      'QP2157',
      'the encoder has no categories, or its operand has more than two dimensions',
    );
  const takesOthers = attributes.int('zeros', 1) !== 0;
  const isText = context.input(0).dataType === STRING;
  const entriesOf = isText ? textEntries : numberEntries;
  const all = Array.from(ids).flatMap((id) => {
    const entries = entriesOf(context, id, strings.length > 0 ? strings : integers, takesOthers);
    // What NaN becomes without its fraction depends on the machine.
    return [...addLookup(context, id, entries, new Float64Array(count), !isText)];
  });
  return { kind: 'view', view: { shape: [...shape, count], ids: Int32Array.from(all) }, dataType: FLOAT };
};

function textEntries(
  context: OperatorContext,
  id: number,
  categories: readonly (string | number)[],
  takesOthers: boolean,
): Entry[] {
  if (categories.some((one) => typeof one === 'number'))
    throw context.unsupported('of texts with categories that are numbers');
  const places = context.builder.textInputs.placesOf(
    id,
    categories.map(String),
    takesOthers ? 'coded' : 'refused',
  );
  return places.map((place, target) => ({ ...entryOf(passing('EQ', place, false)), target, weight: 1 }));
}

/** Like ONNX Runtime, it cuts the fraction of a number off. */
function numberEntries(
  context: OperatorContext,
  _: number,
  categories: readonly (string | number)[],
  takesOthers: boolean,
): Entry[] {
  if (categories.some((one) => typeof one === 'string'))
    throw context.unsupported('of numbers with categories that are texts');
  // A number that is no category ends the run in ONNX Runtime, and nothing here refuses a number.
  if (!takesOthers)
    throw context.unsupported('of numbers that refuses others', "Export with handle_unknown='ignore'");
  checkDistinct(context, categories.map(Number));
  return categories.map((one, target) => ({ ...entryOf(cutTo(Number(one))), target, weight: 1 }));
}

/** The numbers from which cutting the fraction off leaves a whole number. */
function cutTo(whole: number): RankSet {
  const from = passing(whole > 0 ? 'GTE' : 'GT', whole > 0 ? whole : whole - 1, false).ranges;
  const to = passing(whole < 0 ? 'LEQ' : 'LT', whole < 0 ? whole : whole + 1, false).ranges;
  const [low, high] = [from[0]?.low ?? 1, to[0]?.high ?? 0];
  return rankSet([{ low, high }], false);
}

const entryOf = (set: RankSet): Pick<Entry, 'passes' | 'missingPasses'> => ({
  passes: intervalsOf(set),
  missingPasses: set.holdsNaN,
});
