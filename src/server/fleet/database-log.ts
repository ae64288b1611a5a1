import {
  bundledEntry,
  checkpointText,
  HASH_BYTES,
  type LogProof,
  MAX_ENTRY,
  type ReadTile,
  readCheckpoint,
  TILE_WIDTH,
  type TilePlace,
  TileTree,
  tilePath,
  tileWidth,
} from '@quietproof/verify/log';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { LogTree } from '../../log/log-tree.ts';
import type { NoteSigner } from '../../log/note-signer.ts';
import { RightEdge } from '../../log/right-edge.ts';
import type { Database, Sql } from './database.ts';
import type { PublisherLease } from './publisher-lease.ts';
import { SCHEMA } from './schema.ts';
import { timestampFile } from './timestamp-rows.ts';

/** Entries per checkpoint, at most: what is behind comes with the next one. */
const MOST = 8192;
const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The checkpoint that everybody sees, and its size. */
export interface Published {
  readonly size: number;
  readonly checkpoint: string;
}

/** Reads the log of a fleet. Bundles of entries are made from the entries; the other tiles are stored as they were published. */
export class DatabaseLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns undefined before the first checkpoint. @throws QP6571 */
  async published(): Promise<Published | undefined> {
    const { rows } = await this.#database.query<{ size: string; checkpoint: string | null }>(
      `select size, checkpoint from ${SCHEMA}.log`,
    );
    const [{ size, checkpoint }] = rows as [{ size: string; checkpoint: string | null }];
    return checkpoint === null ? undefined : { size: Number(size), checkpoint };
  }

  /** A file of the log by its path, as a web server would give it. @throws QP6571 */
  async file(name: string): Promise<Uint8Array | undefined> {
    if (name === 'checkpoint') {
      const text = (await this.published())?.checkpoint;
      return text === undefined ? undefined : new TextEncoder().encode(text);
    }
    const place = placeOf(name);
    if (place === undefined) return timestampFile(this.#database, name);
    const { size } = (await this.published()) ?? { size: 0 };
    // Only what a checkpoint covers is the log's.
    const { level, index, width } = place;
    const has = level === 'entries' ? tileWidth(0, index, size) : tileWidth(level, index, size);
    if (width > has) return undefined;
    // Of narrower tiles, those are there that were published.
    return this.tile(place).catch(ifThere);
  }

  /** @throws QP6402 if it is not there */
  readonly tile: ReadTile = async (place) => {
    if (place.level === 'entries') return this.#entries(place);
    const names = [place.width, TILE_WIDTH].map((width) => tilePath({ ...place, width }));
    const { rows } = await this.#database.query<{ content: Buffer }>(
      `select content from ${SCHEMA}.tile where name = any($1) limit 1`,
      [names],
    );
    const content = rows[0]?.content;
    if (content === undefined) throw new QuietproofError('QP6402', { where: names[0]! });
    return new Uint8Array(content.subarray(0, place.width * HASH_BYTES));
  };

  async #entries({ index, width }: TilePlace): Promise<Uint8Array> {
    const from = index * TILE_WIDTH;
    const entries = await this.entriesFrom(from, width);
    if (entries.length < width) throw new QuietproofError('QP6402', { where: `entry ${from}` });
    return new Uint8Array(Buffer.concat(entries.map(bundledEntry)));
  }

  async entriesFrom(index: number, most: number): Promise<Uint8Array[]> {
    const { rows } = await this.#database.query<{ text: string }>(
      `select text from ${SCHEMA}.entry where index >= $1 and index < $2 order by index`,
      [index, index + most],
    );
    return rows.map(({ text }) => new TextEncoder().encode(text));
  }

  async proofOf(index: number, { size, checkpoint }: Published): Promise<LogProof> {
    return { index, path: await new TileTree(size, this.tile).inclusionPath(index), checkpoint };
  }
}

export interface LogWriterOptions {
  readonly origin: string;
  readonly signer: NoteSigner;
}

/**
 * Appends to the public log: signs checkpoints of what is sealed. Whatever it signs is of a beginning of the one sequence of
 * entries, so that no two checkpoints contradict each other, whoever signs them. The lease keeps the published size from
 * going back: the database takes a checkpoint only with the token of the last lease and behind the one before.
 */
export class LogWriter {
  readonly #database: Database;
  readonly #log: DatabaseLog;
  readonly #options: LogWriterOptions;
  #edge: RightEdge | undefined;

  constructor(database: Database, log: DatabaseLog, options: LogWriterOptions) {
    [this.#database, this.#log, this.#options] = [database, log, options];
  }

  /**
   * Publishes a checkpoint of all that is sealed, or of as much as one checkpoint takes.
   *
   * @param cosign gives the tree's checkpoint with more signatures, before it is published
   * @returns what is published; undefined if nothing was to be done
   * @throws QP6575 if another server has the lease now; QP6571; QP6402
   */
  async publish(
    lease: PublisherLease,
    cosign: (tree: LogTree) => Promise<string>,
  ): Promise<LogTree | undefined> {
    const before = await this.#log.published();
    const edge = await this.#edgeOf(before?.size ?? 0);
    const entries = await this.#log.entriesFrom(edge.size, MOST);
    if (entries.length === 0 && before !== undefined) return undefined;
    if (entries.some(({ length }) => length > MAX_ENTRY)) throw new QuietproofError('QP6403', {});
    const after = edge.copy();
    const files = after.append(entries);
    const { origin, signer } = this.#options;
    const text = checkpointText(origin, { size: after.size, root: await after.root() });
    const tiles = [...files].filter(([name]) => !name.startsWith('tile/entries/'));
    const fresh = new Map(tiles);
    const tree = this.#treeOf(after.size, `${text}\n${signer.signatureLine(text)}`, fresh);
    const checkpoint = await cosign(tree);
    await this.#database.transaction(async (sql) => {
      await this.#claim(sql, lease, { size: after.size, checkpoint }, edge.size);
      await storeTiles(sql, tiles);
    });
    this.#edge = after;
    return this.#treeOf(after.size, checkpoint);
  }

  /** What is published, by whomever. @throws QP6571 */
  async published(): Promise<LogTree | undefined> {
    const found = await this.#log.published();
    return found && this.#treeOf(found.size, found.checkpoint);
  }

  /** Publishes the last checkpoint with more signatures, if it is still the last. @returns whether it is */
  async amend(lease: PublisherLease, before: string, signed: string): Promise<boolean> {
    if (readCheckpoint(signed).note.text !== readCheckpoint(before).note.text) throw new TypeError('another');
    const { rowCount } = await this.#database.query(
      `update ${SCHEMA}.log set checkpoint = $1
       where checkpoint = $2 and publisher = $3 and publisher_token = $4`,
      [signed, before, lease.id, lease.token],
    );
    return rowCount === 1;
  }

  async #claim(sql: Sql, { id, token }: PublisherLease, next: Published, size: number): Promise<void> {
    const { rowCount } = await sql.query(
      `update ${SCHEMA}.log set size = $1, checkpoint = $2
       where publisher = $3 and publisher_token = $4 and size = $5 and next >= $1`,
      [next.size, next.checkpoint, id, token, size],
    );
    if (rowCount === 1) return;
    this.#edge = undefined;
    throw new QuietproofError('QP6575');
  }

  #treeOf(size: number, checkpoint: string, fresh?: ReadonlyMap<string, Uint8Array>): LogTree {
    const read: ReadTile = async (place) => fresh?.get(tilePath(place)) ?? this.#log.tile(place);
    return {
      size,
      checkpoint,
      consistencyPath: async (older) => new TileTree(size, read).consistencyPath(older),
    };
  }

  async #edgeOf(size: number): Promise<RightEdge> {
    if (this.#edge?.size === size) return this.#edge;
    const levels: Uint8Array[] = [];
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, index, size);
      levels.push(width === 0 ? new Uint8Array() : await this.#log.tile({ level, index, width }));
    }
    const [index, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
    const entries = width === 0 ? new Uint8Array() : await this.#log.tile({ level: 'entries', index, width });
    const edge = new RightEdge(size, levels, entries);
    await this.#requireSameRoot(edge);
    this.#edge = edge;
    return edge;
  }

  /** @throws QP6402 if the tiles do not lead to the published checkpoint */
  async #requireSameRoot(edge: RightEdge): Promise<void> {
    const published = await this.#log.published();
    if (published === undefined || published.size !== edge.size) return;
    const { root } = readCheckpoint(published.checkpoint);
    if (!Buffer.from(root).equals(await edge.root())) throw new QuietproofError('QP6402', { where: SCHEMA });
  }
}

/** Stores tiles, and removes the narrower ones that a full one replaces. */
export async function storeTiles(sql: Sql, tiles: readonly (readonly [string, Uint8Array])[]): Promise<void> {
  await sql.query(
    `insert into ${SCHEMA}.tile (name, content) select * from unnest($1::text[], $2::bytea[])
     on conflict (name) do update set content = excluded.content`,
    [tiles.map(([name]) => name), tiles.map(([, content]) => Buffer.from(content))],
  );
  const full = tiles.map(([name]) => name).filter((name) => !name.includes('.p/'));
  if (full.length === 0) return;
  const narrower = full.flatMap((name) =>
    Array.from({ length: TILE_WIDTH - 1 }, (_, i) => `${name}.p/${i + 1}`),
  );
  await sql.query(`delete from ${SCHEMA}.tile where name = any($1)`, [narrower]);
}

function ifThere(error: unknown): undefined {
  if (error instanceof QuietproofError && error.code === 'QP6402') return undefined;
  throw error;
}

function placeOf(name: string): TilePlace | undefined {
  const [, level, digits, width] = TILE_PATH.exec(name) ?? [];
  if (level === undefined || digits === undefined) return undefined;
  const index = Number(digits.replace(/\D/g, ''));
  const place = {
    level: level === 'entries' ? level : Number(level),
    index,
    width: width === undefined ? TILE_WIDTH : Number(width),
  } as const;
  return tilePath(place) === name ? place : undefined;
}
