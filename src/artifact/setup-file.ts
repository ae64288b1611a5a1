import {
  type AnyModelRecord,
  type DevelopmentSetup,
  parseJson,
  type SetupRecord,
  type SetupV2,
} from '@quietproof/verify';
import { z } from 'zod';
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

const contribution = z.strictObject({
  name: z.string(),
  hash: z.string().regex(/^[0-9a-f]{128}$/),
  kind: z.enum(['contribution', 'beacon']),
});

const ceremony = z.strictObject({
  kind: z.literal('ceremony'),
  ptau: z.strictObject({ blake2b: z.string().regex(/^[0-9a-f]{128}$/), name: z.string() }).exactOptional(),
  contributions: z.array(contribution),
});

/** 0.1 wrote an empty list of contributions here too. */
const development = z
  .strictObject({ kind: z.literal('development'), contributions: z.tuple([]).exactOptional() })
  .transform((): DevelopmentSetup => ({ kind: 'development' }));

const setupFile = z.strictObject({
  state: z.enum(['ready', 'awaiting contribution']),
  record: z.union([ceremony, development]),
});

/** The artifact's setup.json; undefined if setup has not been run. @throws QuietproofError QP5035 */
export async function readSetupFile(folder: string): Promise<SetupFile | undefined> {
  const bytes = await readArtifactFile(folder, KEY_FILES.setup);
  return bytes === undefined ? undefined : parseSetupFile(bytes);
}

/** @throws QuietproofError QP5035 */
export function parseSetupFile(bytes: Buffer): SetupFile {
  const refuse = (what: string, cause?: unknown) =>
    new QuietproofError('QP5035', { what, where: KEY_FILES.setup, fix: 'Run setup again', cause });
  let json: unknown;
  try {
    parseJson(bytes); // stricter: no repeated keys, a limit on nesting
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw refuse('The setup record is not JSON', cause);
  }
  const parsed = setupFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw refuse(
      `The setup record is malformed: ${issue.path.join('.') || 'top level'}: ${issue.message}`,
      parsed.error,
    );
  }
  if (parsed.data.state !== stateOf(parsed.data.record)) {
    throw refuse('The setup record is inconsistent: its state does not follow from its contributions');
  }
  return parsed.data;
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
