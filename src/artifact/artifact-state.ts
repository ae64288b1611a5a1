import type { SetupV2 } from '@quietproof/verify';
import { commandLine } from '../text/command-line.ts';
import { plural } from '../text/units.ts';
import { readSetupFile, stateOf } from './setup-file.ts';

/** Where an artifact stands on the way to a key that others can rely on: `prove` needs one of the last two. */
export type StateName = 'no key' | 'awaiting contribution' | 'ready' | 'finished';

export interface ArtifactState {
  readonly state: StateName;
  /** Of the key; missing without one. */
  readonly kind?: SetupV2['kind'];
  /** Steps of people. Beacons are not counted: everybody knows their secrets. */
  readonly contributions: number;
  /** The state as it completes "the artifact …". */
  readonly words: string;
  /** The command that comes next. Words in capitals stand for what only the user knows. */
  readonly next: string;
  /** Another command that can come next, and what it is for. */
  readonly otherwise?: { readonly purpose: string; readonly command: string };
}

/**
 * @param folder of the artifact, as its commands are to name it
 * @throws QuietproofError QP4602, QP4603, QP5035
 */
export async function readArtifactState(folder: string): Promise<ArtifactState> {
  return artifactState(folder, (await readSetupFile(folder))?.record);
}

/** @param setup undefined where there is no key */
export function artifactState(folder: string, setup: SetupV2 | undefined): ArtifactState {
  const state = nameOf(setup);
  const kind = setup?.kind;
  const contributions = contributionsOf(setup).filter(({ kind: own }) => own === 'contribution').length;
  const operand = folder.startsWith('-') ? `./${folder}` : folder;
  const { words, next } = STATES[state];
  const otherwise = kind === 'development' ? undefined : STATES[state].otherwise?.(operand);
  return {
    state,
    ...(kind !== undefined && { kind }),
    contributions,
    words: kind === 'development' ? 'is ready, with a development key' : words(contributions),
    next: commandLine(next(operand)),
    ...(otherwise && { otherwise: { ...otherwise, command: commandLine(otherwise.command) } }),
  };
}

function contributionsOf(setup: SetupV2 | undefined) {
  return setup?.kind === 'ceremony' ? setup.contributions : [];
}

function nameOf(setup: SetupV2 | undefined): StateName {
  if (setup === undefined) return 'no key';
  const state = stateOf(setup);
  return state === 'ready' && contributionsOf(setup).at(-1)?.kind === 'beacon' ? 'finished' : state;
}

type Words = readonly string[];

interface StateSpec {
  readonly words: (contributions: number) => string;
  readonly next: (artifact: string) => Words;
  readonly otherwise?: (artifact: string) => { readonly purpose: string; readonly command: Words };
}

const prove = (artifact: string) => ['prove', artifact, '--inputs', 'DATA', '--out', 'proofs'];

const STATES: { readonly [S in StateName]: StateSpec } = {
  'no key': {
    words: () => 'has no key',
    next: (artifact) => ['setup', artifact, '--ptau', 'PTAU'],
    otherwise: (artifact) => ({ purpose: 'to try it out', command: ['setup', artifact, '--dev'] }),
  },
  'awaiting contribution': {
    words: () => 'is awaiting a contribution',
    next: (artifact) => ['contribute', artifact],
    otherwise: (artifact) => ({
      purpose: `after somebody has contributed to its circuit.zkey elsewhere`,
      command: ['setup', artifact, '--import', 'ZKEY'],
    }),
  },
  ready: {
    words: (contributions) => `is ready, with ${plural(contributions, 'contribution')}`,
    next: prove,
    otherwise: (artifact) => ({
      purpose: 'to finish its ceremony first',
      command: ['setup', artifact, '--beacon', 'HEX'],
    }),
  },
  finished: {
    words: (contributions) => `is finished with a beacon, after ${plural(contributions, 'contribution')}`,
    next: prove,
  },
};
