import path from 'node:path';
import type { Command } from 'commander';
import { KEY_FILES } from '../../artifact/file-names.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { EXPECTED, type ExpectedKind } from './expected-path.ts';
import { type FoundPath, findPath } from './found-path.ts';
import { noSuchPath } from './missing-path.ts';
import { placedWords } from './placed-words.ts';
import { isPathPlaceholder, PATH_PLACEHOLDERS, type PathPlaceholder, type PathUse } from './placeholders.ts';

/**
 * Checks the paths that a command was given before it does anything: that they are there, and are not something else
 * that this program makes or reads.
 *
 * @throws QuietproofError QP1002 (nothing there), QP1010 (something else), QP1008 (an output of the wrong kind), QP6101, QP6102
 */
export async function checkPaths(command: Command): Promise<void> {
  for (const { placeholder, values } of placedWords(command)) {
    if (!isPathPlaceholder(placeholder) || CHECKED_LATER.has(placeholder)) continue;
    for (const value of values) await checkPath(value, placeholder);
  }
}

/** A row may be JSON, a data file may have a row number behind it, and a record an id. */
const CHECKED_LATER: ReadonlySet<PathPlaceholder> = new Set(['row', 'artifact|record']);

/** The standard input. */
const STDIN = '-';

async function checkPath(place: string, placeholder: PathPlaceholder): Promise<void> {
  if (place === STDIN) return;
  const found = await findPath(place);
  const use: PathUse = PATH_PLACEHOLDERS[placeholder];
  if ('writes' in use) return checkOutput(place, found, use.writes);
  // What is not there may be an id.
  if (found === 'missing' && placeholder === 'artifact|id') return;
  if (found === 'missing') throw await noSuchPath(place);
  if (Object.hasOwn(EXPECTED, placeholder)) await refuseUnless(found, place, placeholder as ExpectedKind);
  if (placeholder === 'artifact|id' && found === 'artifact') await requireKey(place);
}

/** @throws QuietproofError QP1002, QP1010 if there is certainly something else at a path */
export async function expectPath(place: string, kind: ExpectedKind): Promise<void> {
  const found = await findPath(place);
  if (found === 'missing') throw await noSuchPath(place);
  await refuseUnless(found, place, kind);
}

const A: Readonly<Record<FoundPath, string>> = {
  missing: 'missing',
  stream: 'a stream',
  unreadable: 'unreadable',
  artifact: 'an artifact',
  proofs: 'a folder of proofs',
  model: 'a model',
  folder: 'a folder',
  bundle: 'a proof bundle',
  receipt: 'a web page',
  record: 'the record of a model',
  opening: 'the opening of a proof',
  data: 'a data file',
  zkey: 'a proving key',
  ptau: 'a phase-1 file',
  file: 'a file',
};

/** What its name and content do not tell is left to the command. */
const UNKNOWN: ReadonlySet<FoundPath> = new Set(['stream', 'unreadable', 'file']);

async function refuseUnless(found: FoundPath, place: string, kind: ExpectedKind): Promise<void> {
  const { takes, words, fix } = EXPECTED[kind];
  if (takes.includes(found) || UNKNOWN.has(found)) return;
  const what = `This is ${A[found]}, not ${words}`;
  throw new QuietproofError('QP1010', { what, where: place, fix: await fix(found, place) });
}

async function requireKey(artifact: string): Promise<void> {
  if ((await findPath(path.join(artifact, KEY_FILES.model))) !== 'missing') return;
  // Only here, so that other commands start without them.
  const [{ notReady }, { readSetupFile }] = await Promise.all([
    import('../../artifact/not-ready.ts'),
    import('../../artifact/setup-file.ts'),
  ]);
  throw notReady(artifact, (await readSetupFile(artifact))?.record);
}

const FOLDERS: ReadonlySet<FoundPath> = new Set(['artifact', 'proofs', 'folder']);

function checkOutput(place: string, found: FoundPath, writes: 'file' | 'folder' | 'either'): void {
  if (writes === 'either') return;
  if (found === 'missing' || found === 'unreadable' || found === 'stream') return;
  const isFolder = FOLDERS.has(found) || (found === 'model' && path.extname(place) === '');
  if (isFolder === (writes === 'folder')) return;
  throw new QuietproofError('QP1008', {
    what: isFolder
      ? 'The output is a file, and this is a folder'
      : 'The output is a folder, and this is a file',
    where: place,
    fix: isFolder ? 'Add the name of a file in it' : 'Choose another place with --out',
  });
}
