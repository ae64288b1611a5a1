/** Differences that are written out; further ones are only counted. */
const MAX_SHOWN = 4;
/** Characters shown of a value. */
const MAX_VALUE_LENGTH = 60;

/**
 * Describes how a claimed value differs from the derived one: `layers[3].scale is 0.5, derived 0.25`.
 *
 * @param place turns a path into words
 * @returns '' if nothing differs
 */
export function differencesIn(
  claimed: unknown,
  derived: unknown,
  place: (path: string) => string = (path) => path,
): string {
  const found = Array.from(differences(claimed, derived, ''), ([path, claimedPart, derivedPart]) =>
    path === ''
      ? `claimed ${shown(claimedPart)}, derived ${shown(derivedPart)}`
      : `${plain(place(path))} is ${shown(claimedPart)}, derived ${shown(derivedPart)}`,
  );
  const rest = found.length > MAX_SHOWN ? [`and ${found.length - MAX_SHOWN} more`] : [];
  return [...found.slice(0, MAX_SHOWN), ...rest].join('; ');
}

/** Text from an untrusted file, on one line and without control characters that a terminal would act on. */
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

/** Enough of a value to recognise it. Numbers that are stored as text are shown as numbers. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const isNumber = typeof value === 'string' && /^-?\d[\d.e+-]*$/.test(value);
  const text = plain(isNumber ? value : JSON.stringify(value));
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
