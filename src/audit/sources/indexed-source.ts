import { Refusal } from '@quietproof/verify';
import { type ArchivedFile, ArchiveIndex, unreadableEntry } from './archive-index.ts';
import { plainPath } from './archive-paths.ts';
import type { AuditSource, FoundEntry, FoundEvidence, ReadFile } from './audit-source.ts';
import { unreadRest } from './found-entries.ts';
import { differencesFrom, MANIFEST_FILE, MOST_MANIFEST } from './packed-manifest.ts';
import { sha256OfFile } from './sha256-of-file.ts';

/** An archive, of which is known what stands where in it before its records are read. */
export abstract class IndexedSource implements AuditSource {
  readonly kind = 'archive';
  readonly name: string;
  sha256?: string;
  /** It has a manifest of `quietproof archive`, with which its files were compared. */
  hasManifest = false;
  readonly #index = new ArchiveIndex();
  #records: number | undefined;
  #manifest: ArchivedFile | undefined;
  #differing: readonly FoundEntry[] = [];

  constructor(file: string) {
    this.name = file;
  }

  /** The regular and special files of the archive, in its order. @throws Error where it cannot be read on */
  abstract walk(): AsyncIterable<ArchivedFile>;

  abstract close(): Promise<void>;

  get evidence(): FoundEvidence {
    return this.#index.evidence;
  }

  async file(inSource: string): Promise<ReadFile | undefined> {
    return this.#index.file(inSource);
  }

  /** Goes through the archive once before, because the record of a model may stand behind those that need it. */
  async count(): Promise<number> {
    if (this.#records !== undefined) return this.#records;
    let records = 0;
    for await (const { isRecord } of this.#found()) if (isRecord) records += 1;
    this.sha256 = await sha256OfFile(this.name);
    await this.#compareManifest();
    this.#records = records;
    return records;
  }

  async *entries(): AsyncGenerator<FoundEntry> {
    await this.count();
    yield* this.#found();
    yield* this.#differing;
  }

  async *#found(): AsyncGenerator<FoundEntry> {
    this.#index.restart();
    try {
      for await (const file of this.walk()) {
        if (plainPath(file.path) === MANIFEST_FILE) this.#manifest ??= file;
        const found = this.#index.add(file);
        if (found !== undefined) yield found;
      }
    } catch (error) {
      yield unreadRest('.', unreadableEntry(this.name, (error as Error).message));
    }
  }

  async #compareManifest(): Promise<void> {
    const manifest = await this.#manifest?.read(MANIFEST_FILE, MOST_MANIFEST);
    if (manifest === undefined || manifest instanceof Refusal) return;
    const found = await differencesFrom(manifest, () => this.#digests());
    if (found === undefined) return;
    this.hasManifest = true;
    this.#differing = found;
  }

  /** Of the first file of each path; what cannot be read has none. */
  async #digests(): Promise<ReadonlyMap<string, string | undefined>> {
    const digests = new Map<string, string | undefined>();
    try {
      for await (const file of this.walk()) {
        const inSource = plainPath(file.path);
        if (!digests.has(inSource)) digests.set(inSource, await file.digest());
      }
    } catch {
      // That it cannot be read to its end is said of its entries.
    }
    return digests;
  }
}
