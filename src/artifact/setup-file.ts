import {
  type AnyModelRecord,
  type CeremonySetup,
  type DevelopmentSetup,
  parseJson,
  type Reader,
  Refusal,
  readers,
  type SetupRecord,
  type SetupV2,
} from '@quietproof/verify';
import { objectOf } from '../data/json-object.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readArtifactFile } from './artifact-file.ts';
import { KEY_FILES } from './file-names.ts';

/** `prove` refuses a key that awaits a contribution: its maker can forge proofs, and without a beacon anyone can. */
export type KeyState = 'ready' | 'awaiting contribution';

/** Content of setup.json. */
export interface SetupFile {
  readonly state: KeyState;
  /** The form of version 2, whatever the artifact's version. */
  readonly record: SetupV2;
}

/** A ceremony key is ready after at least one contribution that is not a beacon. */
export function stateOf(setup: SetupV2): KeyState {
  if (setup.kind === 'development') return 'ready';
  const hasContributor = setup.contributions.some((contribution) => contribution.kind === 'contribution');
  return hasContributor ? 'ready' : 'awaiting contribution';
}

const blake2b = readers.matching(/^[0-9a-f]{128}$/, 'a blake2b in lower-case hex');

const readCeremony: Reader<CeremonySetup> = objectOf<Omit<CeremonySetup, 'other'>>(
  {
    kind: readers.literal('ceremony'),
    contributions: readers.list(
      objectOf<CeremonySetup['contributions'][number]>(
        { name: readers.text, hash: blake2b, kind: readers.literal('contribution', 'beacon') },
        {},
      ),
    ),
  },
  {
    ptau: objectOf<NonNullable<CeremonySetup['ptau']>>({ blake2b, name: readers.text }, {}),
    transcript: readers.hex,
  },
);

/** 0.1 wrote an empty list of contributions here too. */
const readDevelopment: Reader<DevelopmentSetup> = (json, at) => {
  readers.record({ kind: readers.literal('development') }, { contributions: readers.tuple() })(json, at);
  return { kind: 'development' };
};

const readSetup: Reader<SetupV2> = (json, at) =>
  readers.asObject(json, at).get('kind') === 'development'
    ? readDevelopment(json, at)
    : readCeremony(json, at);

const readFile: Reader<SetupFile> = objectOf<SetupFile>(
  { state: readers.literal('ready', 'awaiting contribution'), record: readSetup },
  {},
);

/** The artifact's setup.json; undefined if setup has not been run. @throws QuietproofError QP5035 */
export async function readSetupFile(folder: string): Promise<SetupFile | undefined> {
  const bytes = await readArtifactFile(folder, KEY_FILES.setup);
  return bytes === undefined ? undefined : parseSetupFile(bytes);
}

/** @throws QuietproofError QP5035 */
export function parseSetupFile(bytes: Buffer): SetupFile {
  const refuse = (what: string, cause?: unknown) =>
    new QuietproofError('QP5035', { what, where: KEY_FILES.setup, fix: 'Run setup again', cause });
  let file: SetupFile;
  try {
    file = readFile(parseJson(bytes), 'setup');
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw refuse(`The setup record is malformed: ${cause.message}`, cause);
  }
  if (file.state !== stateOf(file.record)) {
    throw refuse('The setup record is inconsistent: its state does not follow from its contributions');
  }
  return file;
}

/** What the model record of an artifact says about its setup, in the record's version. */
export function recordedSetup(setup: SetupV2, version: AnyModelRecord['version']): SetupRecord | SetupV2 {
  return version === 'quietproof/model/v1' ? setupV1(setup) : setup;
}

/** Version 1 gives a development key a list of contributions too, an empty one. */
export function setupV1(setup: SetupV2): SetupRecord {
  if (setup.kind === 'development') return { kind: 'development', contributions: [] };
  const { ptau, contributions } = setup;
  return { kind: 'ceremony', ...(ptau !== undefined && { ptau }), contributions };
}
