import type { Hex, Refusal } from '@quietproof/verify';
import type { FindingKind } from '../findings/finding-kinds.ts';

/** Bytes, at most one more than the largest file that a verifier accepts; or why they were not read. */
export type ReadFile = Uint8Array | Refusal;

/** Something in a source that is named like a record, or that was not read. */
export interface FoundEntry {
  /** In its source, with `/`; `.` for the source itself. */
  readonly path: string;
  readonly isRecord: boolean;
  /** On this machine, if it is a file of its own. */
  readonly file?: string;
  /** Why it is not read: then nothing is opened. */
  readonly refused?: Refusal;
  /** For which finding it counts if it is not read. Default: `not-a-file`. */
  readonly unread?: Extract<
    FindingKind,
    'not-a-file' | 'archive-not-opened' | 'archive-differs' | 'source-damaged'
  >;
  /**
   * May be called
   * whenever the source is open, and entries that were found before may be read at the same time.
   *
   * @throws the error of the system where it says nothing about a file, e.g. EMFILE
   */
  read(): Promise<ReadFile>;
}

/** What stands beside records in a source and says something about logs: checkpoints, and timestamps of them. */
export interface FoundEvidence {
  /** Paths of files named `checkpoint`, in the order in which they were found. */
  readonly checkpoints: readonly string[];
  /** Paths of files named `*.tsr`. */
  readonly timestamps: readonly string[];
  /** Folders with tiles of a log, with `/` at their ends; empty for the source itself. */
  readonly logs: ReadonlySet<string>;
}

/** Where records are: a folder tree, an archive that is read in place, or a log. Nothing in it is believed. */
export interface AuditSource {
  /** As it was given. */
  readonly name: string;
  readonly kind: 'folder' | 'archive' | 'log';
  /**
   * Every record, and everything that was not read, once: always in the same order, that of the paths in a folder and that
   * of the archive in an archive. It can be called again.
   */
  entries(): AsyncIterable<FoundEntry>;
  /** The number of records, where it is known without going through them again. */
  count?(): Promise<number>;
  /** A file beside records, e.g. `october/model.json`; undefined if there is none. To be called after `entries()` began. */
  file(path: string): Promise<ReadFile | undefined>;
  /** Known when `entries()` has come to its end. */
  readonly evidence: FoundEvidence;
  /** Its files were compared with the manifest that `quietproof archive` wrote; known as `sha256` is. */
  readonly hasManifest?: boolean;
  /** Of an archive's bytes; known when `entries()` has come to its end. */
  readonly sha256?: Hex;
  close(): Promise<void>;
}
