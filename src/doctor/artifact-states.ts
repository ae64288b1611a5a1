import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ArtifactState, readArtifactState } from '../artifact/artifact-state.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** An artifact with where it stands, or with what is wrong with its setup record. */
export type FoundArtifact = { readonly artifact: string } & (
  | ArtifactState
  | { readonly state: 'unreadable'; readonly words: string; readonly next: string }
);

/** Folders with more entries are not searched on. */
const MAX_ENTRIES = 200;

/** Where the artifacts in a folder stand, by name. */
export async function artifactStates(folder: string): Promise<FoundArtifact[]> {
  const names = (await readdir(folder).catch(() => [])).sort().slice(0, MAX_ENTRIES);
  const found = await Promise.all(names.map((name) => stateAt(path.posix.join(folder, name))));
  return found.filter((one) => one !== undefined);
}

async function stateAt(artifact: string): Promise<FoundArtifact | undefined> {
  const manifest = await stat(path.join(artifact, ARTIFACT.manifest)).catch(() => undefined);
  if (manifest === undefined) return undefined;
  try {
    return { artifact, ...(await readArtifactState(artifact)) };
  } catch (error) {
    if (!(error instanceof QuietproofError)) throw error;
    return { artifact, state: 'unreadable', words: `cannot be read: ${error.what}`, next: error.fix ?? '' };
  }
}
