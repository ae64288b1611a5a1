const KIND = 0o170000;
const REGULAR = 0o100000;
const NAMES: ReadonlyMap<number, string> = new Map([
  [0o120000, 'a link, not followed'],
  [0o010000, 'a named pipe'],
  [0o140000, 'a socket'],
  [0o040000, 'a folder'],
]);

/** What a file is by its Unix mode, if it is no regular one. A mode without a kind says nothing. */
export function specialMode(mode: number): string | undefined {
  const kind = mode & KIND;
  return kind === 0 || kind === REGULAR ? undefined : (NAMES.get(kind) ?? 'a device');
}
