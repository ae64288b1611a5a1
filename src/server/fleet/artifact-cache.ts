import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { makeFolder } from '../../store/durable-file.ts';
import { type ArtifactFile, describeFile } from './artifact-files.ts';

export interface ArtifactSources {
  /** Holds artifacts, a folder each. */
  readonly folder?: string;
  /** Address of a server of the fleet. */
  readonly server?: string;
  /** Lets this worker have artifacts from the server. */
  readonly token: string;
}

const DIGEST = /^[0-9a-f]{64}$/;
/** A plain name in the artifact's folder: the list comes from the database. */
const NAME = /^[\w-][\w.-]{0,127}$/;

/** Artifacts of models on this machine, fetched by the digests of their files, each of which is compared. */
export class ArtifactCache {
  readonly #folder: string;
  readonly #sources: ArtifactSources;

  constructor(folder: string, sources: ArtifactSources) {
    [this.#folder, this.#sources] = [folder, sources];
  }

  /**
   * @returns a folder with the artifact
   * @throws QP6576 if a file cannot be had, or is not the one that was named; QP8001–QP8008
   */
  async fetch(modelId: string, files: readonly ArtifactFile[]): Promise<string> {
    const artifactDir = path.join(this.#folder, 'models', modelId);
    const blobs = path.join(this.#folder, 'files');
    await makeFolder(blobs, 0o700);
    await makeFolder(artifactDir, 0o700);
    for (const file of files) {
      if (!NAME.test(file.name) || !DIGEST.test(file.sha256)) {
        throw new QuietproofError('QP6576', {
          what: 'It lists a file without a proper name',
          where: modelId,
        });
      }
      const blob = path.join(blobs, file.sha256);
      if (!(await isFile(blob, file))) await this.#get(file, blob);
      const own = path.join(artifactDir, file.name);
      await rm(own, { force: true });
      // One copy on disk, where the file system has links.
      await link(blob, own).catch(() => copyFile(blob, own));
    }
    return artifactDir;
  }

  async #get(file: ArtifactFile, blob: string): Promise<void> {
    const temporary = `${blob}.${randomUUID()}.tmp`;
    let failure: unknown;
    try {
      for await (const open of this.#sourcesOf(file)) {
        try {
          if (await write(await open(), temporary, file)) {
            await rename(temporary, blob);
            return;
          }
          failure = new Error('it has another content');
        } catch (error) {
          failure = error;
        }
      }
    } finally {
      await rm(temporary, { force: true });
    }
    throw new QuietproofError('QP6576', {
      what: `${file.name} with the digest ${file.sha256} is not to be had`,
      fix: 'Name a folder with the artifact (--artifacts) or a server that answers by it (--from)',
      cause: failure,
    });
  }

  async *#sourcesOf({
    name,
    bytes,
    sha256,
  }: ArtifactFile): AsyncIterable<() => Readable | Promise<Readable>> {
    const { folder, server } = this.#sources;
    for (const own of folder === undefined ? [] : ['.', ...(await readdir(folder))]) {
      const file = path.join(folder!, own, name);
      // By size first: the digest is compared while it is copied.
      if ((await sizeOf(file)) === bytes) yield () => createReadStream(file);
    }
    if (server !== undefined) yield () => this.#fromServer(server, sha256);
  }

  async #fromServer(server: string, sha256: string): Promise<Readable> {
    const { token } = this.#sources;
    const answer = await fetch(`${server.replace(/\/$/, '')}/fleet/files/${sha256}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
    return Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
  }
}

/** @returns whether the file has the content that was named */
async function write(stream: Readable, file: string, { bytes, sha256 }: ArtifactFile): Promise<boolean> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    stream,
    async function* check(pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        size += piece.length;
        if (size > bytes) throw new Error('it is longer than was named');
        hash.update(piece);
        yield piece;
      }
    },
    createWriteStream(file, { mode: 0o600 }),
  );
  return size === bytes && hash.digest('hex') === sha256;
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

async function isFile(blob: string, { sha256 }: ArtifactFile): Promise<boolean> {
  if ((await sizeOf(blob)) === undefined) return false;
  return (await describeFile(blob)).sha256 === sha256;
}
