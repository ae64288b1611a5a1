import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ModelFiles } from '../cases.ts';
import { type Build, runCommand } from '../command.ts';

export const ROWS = { few: 100, many: 1000 } as const;

/** Each bundle of `ROWS.many` is there so many times in the folder of the largest verification. */
const COPIES = 10;

/** One command to measure, as a user types it. */
export interface Command {
  readonly name: string;
  readonly rows?: number;
  /** Takes seconds: fewer rounds. */
  readonly slow?: boolean;
  words(place: Place): string[];
  /** Not measured. */
  prepare?(place: Place): Promise<void>;
}

/** Files of one model and one build. */
export interface Place {
  readonly build: Build;
  readonly files: ModelFiles;
  /** `ROWS.many` rows. */
  readonly rows: string;
  readonly folder: string;
  readonly artifact: string;
  /** The artifact as `setup` left it. */
  readonly untouched: string;
  /** Bundles of at least `ROWS.few` rows, of `ROWS.many` for the commands of `ONCE`. */
  readonly proofs: string;
}

const REPORTS = ['--json', '--timings'];

/** Default options, except that a loss of accuracy is no failure. */
export const compileWords = ({ files }: Pick<Place, 'files'>, to: string) => [
  'compile',
  files.model,
  '--calibration',
  files.data,
  '--out',
  to,
  '--accept-loss',
  ...REPORTS,
];

export function proveWords(artifact: string, rows: string, count: number, out: string): string[] {
  return ['prove', artifact, '--inputs', rows, '--rows', `0-${count - 1}`, '--out', out, ...REPORTS];
}

/** A folder of a place that each run makes again. */
const fresh = (name: string) => ({
  in: ({ folder }: Place) => path.join(folder, name),
  clear: (place: Place) => rm(path.join(place.folder, name), { recursive: true, force: true }),
});

const out = fresh('out');
const copy = fresh('copy');
const many = fresh('many');

const prove = (name: string, rows: number, slow = false): Command => ({
  name,
  rows,
  slow,
  prepare: out.clear,
  words: (place) => proveWords(place.artifact, place.rows, rows, out.in(place)),
});

const verify = (name: string, of: (place: Place) => string, rest: Partial<Command> = {}): Command => ({
  name,
  ...rest,
  words: (place) => ['verify', of(place), '--model', place.artifact, ...REPORTS],
});

/** In the order in which they are measured. */
export const COMMANDS: readonly Command[] = [
  { name: '--version', words: () => ['--version'] },
  { name: 'inspect', words: ({ files }) => ['inspect', files.model, ...REPORTS] },
  {
    name: 'compile',
    slow: true,
    words: (place) => compileWords(place, copy.in(place)),
    prepare: copy.clear,
  },
  {
    name: 'setup --dev',
    slow: true,
    prepare: async (place) => {
      await copy.clear(place);
      await runCommand(place.build, compileWords(place, copy.in(place)));
    },
    words: (place) => ['setup', copy.in(place), '--dev', ...REPORTS],
  },
  {
    ...prove('prove, 1 row, the first after setup', 1),
    prepare: async (place) => {
      await Promise.all([out.clear(place), copy.clear(place)]);
      await cp(place.untouched, copy.in(place), { recursive: true });
    },
    words: (place) => proveWords(copy.in(place), place.rows, 1, out.in(place)),
  },
  prove('prove, 1 row', 1),
  prove(`prove, ${ROWS.few} rows`, ROWS.few),
  prove(`prove, ${ROWS.many} rows`, ROWS.many, true),
  {
    name: `prove, ${ROWS.few} rows that are done`,
    words: ({ artifact, rows, proofs }) => proveWords(artifact, rows, ROWS.few, proofs),
  },
  verify('verify, 1 bundle', ({ proofs }) => path.join(proofs, '000000.proof.json')),
  verify(`verify, ${ROWS.many} bundles`, ({ proofs }) => proofs, { slow: true }),
  verify(`verify, ${ROWS.many * COPIES} bundles`, many.in, { slow: true, prepare: copyBundles }),
];

/** Commands that are measured with one model only, since they do not depend on it. */
export const ONCE = new Set(['--version', ...COMMANDS.slice(-2).map(({ name }) => name)]);

async function copyBundles(place: Place): Promise<void> {
  const to = many.in(place);
  if (existsSync(to)) return;
  await mkdir(to);
  const names = (await readdir(place.proofs)).filter((name) => name.endsWith('.proof.json'));
  for (let i = 0; i < COPIES; i += 1) {
    for (const name of names) await copyFile(path.join(place.proofs, name), path.join(to, `${i}-${name}`));
  }
}
