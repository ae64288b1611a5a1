import type { AffineEncoding, ModelInterface } from '@quietproof/verify';

/** What people call the parts of an interface, by the path to them; the longest that fits is taken. */
const PARTS: Readonly<Record<string, string>> = {
  'input.encoding': 'input encoding',
  'input.mode': 'input mode',
  'input.shape': 'input shape',
  'input.names': 'feature names',
  'input.units': 'feature units',
  'output.names': 'class names',
  'output.unit': 'output unit',
  'output.lo': 'score ranges',
  'output.scale': 'scale of scores',
  'output.threshold': 'threshold',
  signals: 'signal ranges',
};

/** Differences that are written out; the rest are counted. */
const SHOWN = 4;

/** What differs between a claimed interface and a derived one, in words: `input encoding: offset[3] is 0.5, derived 0`. */
export function interfaceDifferences(claimed: ModelInterface, derived: ModelInterface): string {
  const length = derived.input.shape.reduce((product, size) => product * size, 1);
  const found = Array.from(differences(spread(claimed, length), spread(derived, length), ''));
  const rest = found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : [];
  return [...found.slice(0, SHOWN), ...rest].join('; ');
}

/** One number for all features stands for the same number each. */
function spread(face: ModelInterface, length: number): unknown {
  const encoding: AffineEncoding | undefined = face.input?.encoding;
  const each = (own: unknown) => (typeof own === 'string' ? Array.from({ length }, () => own) : own);
  const { offset, step, max } = encoding ?? {};
  return {
    ...face,
    input: {
      ...face.input,
      encoding: { ...encoding, offset: each(offset), step: each(step), max: each(max) },
    },
  };
}

function* differences(claimed: unknown, derived: unknown, path: string): Generator<string> {
  if (isObject(claimed) && isObject(derived) && Array.isArray(claimed) === Array.isArray(derived)) {
    const inArray = Array.isArray(claimed);
    for (const key of new Set([...Object.keys(derived), ...Object.keys(claimed)])) {
      const at = inArray ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      yield* differences(claimed[key], derived[key], at);
    }
  } else if (claimed !== derived && JSON.stringify(claimed) !== JSON.stringify(derived)) {
    yield `${place(path)} is ${shown(claimed)}, derived ${shown(derived)}`;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function place(path: string): string {
  const part = Object.keys(PARTS).find(
    (start) => path === start || (/^[.[]/.test(path.slice(start.length)) && path.startsWith(start)),
  );
  if (part === undefined) return path;
  const rest = path.slice(part.length).replace(/^\./, '');
  return rest === '' ? PARTS[part]! : `${PARTS[part]}: ${rest}`;
}

/** Enough of a value to recognise it, on one line and without what a terminal would act on. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' && /^-?[\d.e+-]+$/.test(value) ? value : JSON.stringify(value);
  const plain = text.replace(/[\p{C}\u2028\u2029]/gu, '?');
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}
