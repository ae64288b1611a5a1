import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KEY_FILES } from '../../artifact/file-names.ts';

/** A file of an artifact, by what is in it. */
export interface ArtifactFile {
  readonly name: string;
  readonly bytes: number;
  /** Of its content, in hex. */
  readonly sha256: string;
}

/** Made by the native prover for the machine that it runs on. */
const OWN = new Set<string>([KEY_FILES.proverCache]);

/** What a worker needs of an artifact. @throws system errors */
export async function listArtifact(artifactDir: string): Promise<ArtifactFile[]> {
  const found = await readdir(artifactDir, { withFileTypes: true });
  const names = found.filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.') && !OWN.has(entry.name),
  );
  return Promise.all(names.map(({ name }) => describeFile(path.join(artifactDir, name))));
}

/** @throws system errors */
export async function describeFile(file: string): Promise<ArtifactFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(file), async (pieces) => {
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      bytes += piece.length;
      hash.update(piece);
    }
  });
  return { name: path.basename(file), bytes, sha256: hash.digest('hex') };
}
