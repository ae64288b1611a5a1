/** What a word of a command line stands for. Placeholders of arguments and options name it: `<data>`, `<model>`. */
export type PathUse =
  /** A file or folder to read. */
  | { readonly reads: 'file' | 'folder' | 'either'; readonly extensions?: readonly string[] }
  /** A file or folder to write. */
  | { readonly writes: 'file' | 'folder' | 'either' };

const READS_DATA = { reads: 'file', extensions: ['.json', '.npy', '.csv'] } as const;

/**
 * Placeholders of paths. What a command checks before it runs, what a shell completes, and which words of a
 * configuration file are paths all follow from them.
 */
export const PATH_PLACEHOLDERS = {
  model: { reads: 'either', extensions: ['.onnx', '.json'] },
  'model-or-artifact': { reads: 'either', extensions: ['.onnx', '.json'] },
  artifact: { reads: 'folder' },
  'artifact-or-zkey': { reads: 'either', extensions: ['.zkey'] },
  'artifact-or-bundle': { reads: 'either', extensions: ['.json'] },
  'artifact|id': { reads: 'either', extensions: ['.json'] },
  bundle: { reads: 'file', extensions: ['.json'] },
  folder: { reads: 'folder' },
  list: { reads: 'either', extensions: ['.csv', '.jsonl'] },
  bundles: { reads: 'either', extensions: ['.json', '.html'] },
  data: READS_DATA,
  row: READS_DATA,
  card: { reads: 'file', extensions: ['.json'] },
  record: { reads: 'file', extensions: ['.json'] },
  'artifact|record': { reads: 'either', extensions: ['.json'] },
  opening: { reads: 'file', extensions: ['.json'] },
  zkey: { reads: 'file', extensions: ['.zkey'] },
  r1cs: { reads: 'file', extensions: ['.r1cs'] },
  ptau: { reads: 'file', extensions: ['.ptau'] },
  pem: { reads: 'file', extensions: ['.pem'] },
  trust: { reads: 'file', extensions: ['.json'] },
  keys: { reads: 'either', extensions: ['.zkey', '.points'] },
  statements: { reads: 'either', extensions: ['.json'] },
  answer: { reads: 'file', extensions: ['.json'] },
  request: { reads: 'file', extensions: ['.json'] },
  kept: { reads: 'file' },
  checkpoint: { reads: 'file' },
  tokens: { reads: 'file' },
  secret: { reads: 'file' },
  config: { reads: 'file', extensions: ['.json'] },
  dir: { writes: 'folder' },
  file: { writes: 'file' },
  path: { writes: 'either' },
} as const satisfies Record<string, PathUse>;

export type PathPlaceholder = keyof typeof PATH_PLACEHOLDERS;

/** Placeholders of words that are not paths. A test asks that every placeholder is in one of the two lists. */
export const OTHER_PLACEHOLDERS = [
  'what',
  'which',
  'sources',
  'x',
  'mode',
  'n',
  'label',
  'stage',
  'who',
  'name',
  'a-b',
  'text',
  'steps',
  'target',
  'shell',
  'share',
  'time',
  'id',
  'hex',
  'url',
  'address',
  'policy',
  'command',
  'key@url',
  'roots@url',
  'origin',
] as const;

export function isPathPlaceholder(placeholder: string): placeholder is PathPlaceholder {
  return Object.hasOwn(PATH_PLACEHOLDERS, placeholder);
}
