import { type Checkpoint, checkCheckpoint, type LogTrust, Refusal } from '@quietproof/verify/log';
import {
  checkEvidence,
  EVIDENCE_VERSION,
  type Evidence,
  evidenceText,
  forkEvidence,
  openPromise,
  type PlacedEntry,
  type PromiseEnvelope,
  placedEntry,
  readLogEntry,
  type SignedEntry,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { KeptItem } from './kept.ts';
import { eachEntry, loggedEntry } from './log-entries.ts';
import type { LogReader } from './log-reader.ts';

export interface EvidenceQuestion {
  readonly kept: readonly KeptItem[];
  readonly log: LogTrust;
  /** The log as it is now. */
  readonly reader?: LogReader;
  /** Seconds since 1970: cosignatures of later times do not count. */
  readonly now: number;
}

/** What was found. Each document can be checked by anybody with the log's key. */
export interface EvidenceFound {
  readonly shown: readonly { readonly evidence: Evidence; readonly text: string }[];
  /** What is not this log's, or is evidence of nothing. */
  readonly refused: readonly { readonly name: string; readonly code: string; readonly what: string }[];
  readonly checkpoints: number;
  readonly entries: number;
  /** What whoever kept it sees, and nobody else has to believe: no witness says when. */
  readonly doubts: readonly Doubt[];
}

export type Doubt =
  /** The log has fewer entries now than a checkpoint of it that was kept. */
  | { readonly kind: 'shorter'; readonly size: number; readonly kept: number }
  /** A promised entry is not in the log, after its deadline. */
  | { readonly kind: 'overdue'; readonly index: number; readonly includeBy: number; readonly size: number };

type Tree = Checkpoint & { readonly text: string };
type Placed = PlacedEntry & { readonly signed: SignedEntry };

/**
 * Compares everything that a log has signed, in pairs, and with the log itself if it can be read: a fork, a shorter log, an
 * entry that is overdue or was replaced, a clock that was set back.
 *
 * @throws QP6540, QP6541 (the log); Refusal for a checkpoint of the log now that is not the log's
 */
export async function findEvidence(question: EvidenceQuestion): Promise<EvidenceFound> {
  const search = new Search(question);
  for (const item of question.kept) search.take(item);
  await search.readLog();
  search.comparePlaces();
  search.compareTimes();
  await search.compareTrees();
  return search.found();
}

class Search {
  readonly #question: EvidenceQuestion;
  readonly #trees: Tree[] = [];
  readonly #entries: Placed[] = [];
  readonly #shown = new Map<string, Evidence>();
  readonly #doubts: Doubt[] = [];
  readonly #refused: { name: string; code: string; what: string }[] = [];

  constructor(question: EvidenceQuestion) {
    this.#question = question;
  }

  found(): EvidenceFound {
    return {
      shown: [...this.#shown].map(([text, evidence]) => ({ evidence, text })),
      refused: this.#refused,
      checkpoints: this.#trees.length,
      entries: this.#entries.length,
      doubts: this.#doubts,
    };
  }

  take(item: KeptItem): void {
    const { log, now } = this.#question;
    try {
      if (item.kind === 'checkpoint') this.#addTree(item.text);
      else if (item.kind === 'entry') this.#addEntry(item.entry);
      else {
        checkEvidence(item.evidence, log, now);
        this.#shown.set(evidenceText(item.evidence), item.evidence);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, what, where } = error;
      this.#refused.push({ name: item.name, code, what: where === undefined ? what : `${what} (${where})` });
    }
  }

  #addTree(text: string): Tree {
    const known = this.#trees.find((tree) => tree.text === text);
    if (known !== undefined) return known;
    const { origin, keys } = this.#question.log;
    const tree = { ...checkCheckpoint(text, { origin, keys, witnesses: [] }), text };
    this.#trees.push(tree);
    return tree;
  }

  #addEntry(signed: SignedEntry): void {
    this.#entries.push({ ...placedEntry(signed, this.#question.log), signed });
  }

  /** What the log has now, where promises say something about it, and where its own times go back. */
  async readLog(): Promise<void> {
    const { reader } = this.#question;
    if (reader === undefined) return;
    const tree = this.#addTree(await reader.checkpoint());
    this.#doubt(tree);
    const promised = new Set(this.#entries.map(({ index }) => index));
    let latest: { readonly index: number; readonly time: number } | undefined;
    await eachEntry(reader, tree, async (index, bytes) => {
      const time = timeOf(bytes);
      const goesBack = time !== undefined && latest !== undefined && time < latest.time;
      if (goesBack) this.#addEntry(await loggedEntry(reader, tree, latest!.index));
      if (goesBack || (promised.has(index) && time !== undefined)) {
        this.#addEntry(await loggedEntry(reader, tree, index));
      }
      if (time !== undefined && !goesBack) latest = { index, time };
    });
  }

  #doubt({ size }: Tree): void {
    const kept = Math.max(...this.#trees.map((tree) => tree.size));
    if (kept > size) this.#doubts.push({ kind: 'shorter', size, kept });
    for (const { signed, index } of this.#entries) {
      if (signed.kind !== 'promised' || index < size) continue;
      const { includeBy } = openPromise(signed.promise, this.#question.log).promised;
      if (includeBy < this.#question.now) this.#doubts.push({ kind: 'overdue', index, includeBy, size });
    }
  }

  comparePlaces(): void {
    for (const { signed, index, text } of this.#entries) {
      if (signed.kind !== 'promised') continue;
      for (const other of this.#entries) {
        if (other.index === index && other.text !== text) this.#replaced(signed.promise, other.signed);
      }
      for (const tree of this.#trees) {
        if (tree.size <= index) this.#overdue(signed.promise, tree);
      }
    }
  }

  #replaced(promise: PromiseEnvelope, instead: SignedEntry): void {
    // Of two promises for one place, one document says all.
    if (instead.kind === 'promised' && canonicalOrder(promise, instead.promise)) return;
    this.#offer({ version: EVIDENCE_VERSION, kind: 'replaced', promise, instead });
  }

  #overdue(promise: PromiseEnvelope, { text: checkpoint }: Tree): void {
    this.#offer({ version: EVIDENCE_VERSION, kind: 'overdue', promise, checkpoint });
  }

  compareTimes(): void {
    const inOrder = [...this.#entries].sort((a, b) => a.index - b.index);
    let latest: Placed | undefined;
    for (const own of inOrder) {
      if (latest !== undefined && own.index > latest.index && own.entry.time < latest.entry.time) {
        const [first, second] = [latest.signed, own.signed];
        this.#offer({ version: EVIDENCE_VERSION, kind: 'clock', first, second });
      }
      if (latest === undefined || own.entry.time > latest.entry.time) latest = own;
    }
  }

  async compareTrees(): Promise<void> {
    const inOrder = [...this.#trees].sort((a, b) => a.size - b.size);
    for (const [i, older] of inOrder.entries()) {
      for (const newer of inOrder.slice(i + 1)) {
        await this.#fork(older, newer);
        if (older.size < newer.size) {
          const [larger, smaller] = [newer.text, older.text];
          this.#offer({ version: EVIDENCE_VERSION, kind: 'truncation', larger, smaller });
        }
      }
    }
  }

  async #fork(older: Tree, newer: Tree): Promise<void> {
    const { reader } = this.#question;
    if (older.size !== newer.size && (reader === undefined || older.size === 0)) return;
    const noTile = async () => new Uint8Array();
    try {
      this.#offer(await forkEvidence(older.text, newer.text, reader?.tile ?? noTile));
    } catch (error) {
      // Not all tiles of a tree that is larger than the log are there; being unreachable is another matter.
      if (!(error instanceof QuietproofError) || error.cause !== undefined) throw error;
    }
  }

  /** Keeps what shows something. */
  #offer(evidence: Evidence): void {
    const { log, now } = this.#question;
    try {
      checkEvidence(evidence, log, now);
      this.#shown.set(evidenceText(evidence), evidence);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

function canonicalOrder(a: PromiseEnvelope, b: PromiseEnvelope): boolean {
  return a.payload > b.payload;
}

/** Undefined for what is no entry of ours: a log may have others. */
function timeOf(bytes: Uint8Array): number | undefined {
  try {
    return readLogEntry(bytes).time;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
