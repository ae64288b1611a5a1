import { type Columns, ELEMENT, float, floats, strings, type TableMaker } from './table-maker.ts';

/** What preprocessing does to columns; undefined if it does not take columns of that kind. */
export type ColumnStep = (maker: TableMaker, columns: Columns) => Columns | undefined;

/** Texts that categories are called: some look like others, one is empty. */
export const CATEGORIES = ['red', 'green', 'Red', 'red ', '', 'nan', 'é', '1'];
/** Whole numbers that encoders know. */
const KEYS = [0, 1, 2, 3, -1, 7, 300];
/** Integers that float32 does not have. */
const LARGE_KEY = 16777217;

const keysOf = ({ choices }: TableMaker) => (choices.once(8) ? [...KEYS, LARGE_KEY] : KEYS);

const isNumeric = ({ type }: Columns) => type === 'float';

/** Some of a list, at least one, each once. */
function some<T>({ choices }: TableMaker, list: readonly T[], most: number): T[] {
  const count = 1 + choices.upTo(most - 1);
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(choices.upTo(left.length - 1), 1)[0]!);
}

/** Columns that trees, and nothing else, compute as the runtime does. */
const computed = (columns: Columns, name: string, changes: Partial<Columns> = {}): Columns => ({
  ...columns,
  name,
  isExact: columns.isInput && columns.isExact,
  ...changes,
});

/** One value per column, or one for all. */
const perColumn = ({ choices }: TableMaker, width: number) => (choices.once(4) ? 1 : width);

// Of numbers.

const imputer: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns) || !columns.isInput) return undefined;
  const { choices } = maker;
  const by = floats(maker.noise(perColumn(maker, columns.width), columns.unit));
  const replaced = choices.once(8) ? choices.pick([0, -1, 0.5]) : Number.NaN;
  const attributes = { imputed_value_floats: by, replaced_value_float: float(replaced) };
  return computed(columns, maker.learned('Imputer', [columns.name], attributes));
};

const scaler: ColumnStep = (maker, columns) => {
  if (columns.type === 'text' || columns.type === 'flag') return undefined;
  const count = perColumn(maker, columns.width);
  const scale = maker.noise(count).map((value) => (1.2 + value) / columns.unit);
  const attributes = { offset: floats(maker.noise(count, columns.unit)), scale: floats(scale) };
  return computed(columns, maker.learned('Scaler', [columns.name], attributes), { type: 'float', unit: 1 });
};

const arithmetic: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns)) return undefined;
  const [first, second] = maker.choices.pick([
    ['Sub', 'Div'],
    ['Mul', 'Add'],
    ['Add', 'Mul'],
  ] as const);
  const constant = (op: string) => {
    const noise = maker.noise(perColumn(maker, columns.width));
    const isFactor = op === 'Mul' || op === 'Div';
    return maker.floats(isFactor ? noise.map((value) => (value < 0 ? value - 0.3 : value + 0.3)) : noise);
  };
  const moved = maker.node(first, [columns.name, constant(first)]);
  return computed(columns, maker.node(second, [moved, constant(second)]));
};

const throughDoubles: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns)) return undefined;
  const wide = maker.node('Cast', [columns.name], { to: ELEMENT.double });
  const scaled = maker.learned('Scaler', [wide], {
    offset: floats([0.3 * columns.unit]),
    scale: floats([0.7]),
  });
  return computed(columns, scaled);
};

const normalizer: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns)) return undefined;
  const norm = maker.choices.pick(['L2', 'L1', 'MAX']);
  const name = maker.learned('Normalizer', [columns.name], { norm });
  return { ...columns, name, unit: 1, isInput: false, isExact: false };
};

const binarizer: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns)) return undefined;
  const threshold = float(maker.choices.pick([0, 0.1, -0.5, 1]) * columns.unit);
  return computed(columns, maker.learned('Binarizer', [columns.name], { threshold }), {
    ...{ unit: 1, isInput: false, isExact: columns.isExact },
  });
};

/** [1, width, categories] to columns. */
function flat(maker: TableMaker, name: string, width: number): string {
  if (maker.choices.once(3)) return maker.node('Flatten', [name], { axis: 1 });
  return maker.node('Reshape', [name, maker.integers([-1, width])]);
}

const oneHotNumbers: ColumnStep = (maker, columns) => {
  if (!['float', 'integer'].includes(columns.type)) return undefined;
  const cats = some(maker, keysOf(maker), 4);
  const encoded = maker.learned('OneHotEncoder', [columns.name], { cats_int64s: cats, zeros: 1 });
  const width = columns.width * cats.length;
  const name = flat(maker, encoded, width);
  return { name, width, type: 'float', unit: 1, isInput: false, isExact: columns.isExact };
};

const labelNumbers: ColumnStep = (maker, columns) => {
  if (!['float', 'integer'].includes(columns.type)) return undefined;
  const { choices } = maker;
  const keys = some(
    maker,
    columns.type === 'integer' ? keysOf(maker) : [...keysOf(maker), 0.1, -0.5, -0, Number.NaN],
    4,
  );
  const own = columns.type === 'integer' ? { keys_int64s: keys } : { keys_floats: floats(keys) };
  const toIntegers = choices.once(3);
  const values = toIntegers
    ? {
        values_int64s: maker.eighths(keys.length).map((value) => 8 * value),
        default_int64: choices.pick([-1, 5]),
      }
    : {
        values_floats: floats(maker.noise(keys.length, 3)),
        default_float: float(choices.pick([0, 0.3, -7])),
      };
  const encoded = maker.learned('LabelEncoder', [columns.name], { ...own, ...values });
  const name = toIntegers ? maker.node('Cast', [encoded], { to: ELEMENT.float }) : encoded;
  return { ...columns, name, type: 'float', unit: 1, isInput: false };
};

const picked: ColumnStep = (maker, columns) => {
  if (columns.type === 'flag') return undefined;
  const width = 1 + maker.choices.upTo(columns.width - 1);
  const places = Array.from({ length: width }, () => maker.choices.upTo(columns.width - 1));
  return {
    ...columns,
    name: maker.learned('ArrayFeatureExtractor', [columns.name, maker.integers(places)]),
    width,
  };
};

const clip: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns)) return undefined;
  const limits = [-0.5, 0.9].map((value) => maker.floats([value * columns.unit], []));
  return { ...columns, name: maker.node('Clip', [columns.name, ...limits]), isInput: false, isExact: false };
};

const components: ColumnStep = (maker, columns) => {
  if (!isNumeric(columns)) return undefined;
  const width = maker.choices.pick([1, 2, 3]);
  const weights = maker.floats(maker.noise(columns.width * width), [columns.width, width]);
  const name = maker.node('MatMul', [columns.name, weights]);
  return { ...columns, name, width, isInput: false, isExact: false };
};

// Of integers, flags and texts.

const toFloat: ColumnStep = (maker, columns) => {
  if (['float', 'text'].includes(columns.type)) return undefined;
  return { ...columns, name: maker.node('Cast', [columns.name], { to: ELEMENT.float }), type: 'float' };
};

const embedding: ColumnStep = (maker, columns) => {
  if (!columns.isInput || !['integer', 'small'].includes(columns.type)) return undefined;
  const [words, size] = [maker.choices.pick([4, 2, 9]), maker.choices.pick([2, 1, 3])];
  const table = maker.floats(maker.noise(words * size), [words, size]);
  const found = maker.node('Gather', [table, columns.name], { axis: 0 });
  const width = columns.width * size;
  const name = flat(maker, found, width);
  return { name, width, type: 'float', unit: 1, isInput: false, isExact: false };
};

const oneHotTexts: ColumnStep = (maker, columns) => {
  if (columns.type !== 'text') return undefined;
  const cats = some(maker, CATEGORIES, 5);
  const zeros = maker.choices.once(3) ? 0 : 1;
  const encoded = maker.learned('OneHotEncoder', [columns.name], { cats_strings: strings(cats), zeros });
  const width = columns.width * cats.length;
  return { ...columns, name: flat(maker, encoded, width), width, type: 'float', isInput: false };
};

const labelTexts: ColumnStep = (maker, columns) => {
  if (columns.type !== 'text') return undefined;
  const keys = some(maker, CATEGORIES, 5);
  const toIntegers = maker.choices.once(3);
  const values = toIntegers
    ? { values_int64s: [...keys.keys()] }
    : { values_floats: floats(maker.noise(keys.length, 3)) };
  const encoded = maker.learned('LabelEncoder', [columns.name], { keys_strings: strings(keys), ...values });
  const name = toIntegers ? maker.node('Cast', [encoded], { to: ELEMENT.float }) : encoded;
  return { ...columns, name, type: 'float', isInput: false };
};

/** Steps on the columns of one input, by its type; the first is the simplest. */
export const INPUT_STEPS: Readonly<Record<Columns['type'], readonly ColumnStep[]>> = {
  float: [
    scaler,
    imputer,
    arithmetic,
    binarizer,
    oneHotNumbers,
    labelNumbers,
    picked,
    normalizer,
    throughDoubles,
  ],
  double: [scaler, toFloat, picked],
  integer: [toFloat, scaler, oneHotNumbers, labelNumbers, embedding, picked],
  small: [toFloat, scaler, embedding, picked],
  flag: [toFloat],
  text: [oneHotTexts, labelTexts, picked],
};

/** Steps on all columns together. */
export const TABLE_STEPS: readonly ColumnStep[] = [scaler, picked, components, normalizer, clip, arithmetic];
