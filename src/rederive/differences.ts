/** Differences that are written out; the rest are counted. */
const SHOWN = 4;
/** Characters of a value. */
const LONGEST = 60;

/**
 * What differs between something claimed and something derived, in words: `layers[3].scale is 0.5, derived 0.25`.
 *
 * @param place what people call the place that a path leads to
 * @returns '' where nothing differs
 */
export function differencesIn(
  claimed: unknown,
  derived: unknown,
  place: (path: string) => string = (path) => path,
): string {
  const found = Array.from(differences(claimed, derived, ''), ([path, theirs, own]) =>
    path === ''
      ? `claimed ${shown(theirs)}, derived ${shown(own)}`
      : `${plain(place(path))} is ${shown(theirs)}, derived ${shown(own)}`,
  );
  const rest = found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : [];
  return [...found.slice(0, SHOWN), ...rest].join('; ');
}

/** Text from a foreign file, on one line and without what a terminal would act on. */
export function plain(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, '?');
}

function* differences(
  claimed: unknown,
  derived: unknown,
  path: string,
): Generator<readonly [path: string, claimed: unknown, derived: unknown]> {
  if (isObject(claimed) && isObject(derived) && Array.isArray(claimed) === Array.isArray(derived)) {
    for (const key of new Set([...Object.keys(derived), ...Object.keys(claimed)])) {
      const inside = path === '' ? key : `${path}.${key}`;
      yield* differences(claimed[key], derived[key], Array.isArray(claimed) ? `${path}[${key}]` : inside);
    }
  } else if (claimed !== derived) yield [path, claimed, derived];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Enough of a value to recognise it; numbers that are written as text are numbers. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const isNumber = typeof value === 'string' && /^-?\d[\d.e+-]*$/.test(value);
  const text = plain(isNumber ? value : JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
