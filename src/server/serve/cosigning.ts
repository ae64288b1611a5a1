import { readCheckpoint } from '@quietproof/verify/log';
import { withCosignatures } from '../../log/cosign-log.ts';
import type { LogTree } from '../../log/log-tree.ts';
import { type WitnessAddress, WitnessClient } from '../../log/witness-client.ts';
import { LogService } from './log-service.ts';

export interface CosigningOptions {
  readonly witnesses: readonly WitnessAddress[];
  /** Milliseconds that a checkpoint waits for its cosignatures, at most, before it is published without. Default: 2000. */
  readonly patience?: number;
  /** Milliseconds until the same checkpoint is cosigned again, so that readers see that it is still the last. */
  readonly renewEvery?: number;
  readonly onFailure: (witness: string, error: unknown) => void;
}

/** A log whose last checkpoint gets more signatures; see `TileLog`. */
export interface CosignedLog {
  readonly tree: LogTree;
  readonly checkpoint: string;
  publishSigned(checkpoint: string, signed: string): Promise<boolean>;
}

/** A checkpoint with the cosignatures that it has. */
interface CosignedTree {
  readonly size: number;
  checkpoint: string;
  published: boolean;
}

const PATIENCE_MS = 2000;
const RENEW_EVERY_MS = 600_000;
/** Trees whose cosignatures are kept, for proofs. */
const KEPT_TREES = 16;

/** Has each checkpoint cosigned by witnesses before it is published, and after that by those who took longer. */
export class Cosigning {
  readonly witnesses: readonly LogService[];
  readonly #patience: number;
  /** By the text that is signed. */
  readonly #trees = new Map<string, CosignedTree>();
  #log: CosignedLog | undefined;
  #amending: Promise<void> = Promise.resolve();

  constructor({
    witnesses,
    patience = PATIENCE_MS,
    renewEvery = RENEW_EVERY_MS,
    onFailure,
  }: CosigningOptions) {
    this.#patience = patience;
    this.witnesses = witnesses.map((witness) => {
      const client = new WitnessClient([witness]);
      return new LogService({
        name: witness.name,
        ask: (tree) => this.#ask(client, tree),
        every: 0,
        renewEvery,
        onFailure: (error) => onFailure(witness.name, error),
      });
    });
  }

  /**
   * The checkpoint of a tree that is about to be published, with the cosignatures that come in time. Witnesses that failed
   * last are not waited for.
   */
  async cosign(tree: LogTree): Promise<string> {
    this.#keep(tree);
    for (const witness of this.witnesses) witness.offer(tree);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#patience);
    });
    await Promise.race([this.settled(tree.size), late]);
    clearTimeout(timer);
    return this.#keep(tree).checkpoint;
  }

  /** The log has published its last checkpoint. */
  published(log: CosignedLog): void {
    this.#log = log;
    const tree = log.tree;
    this.#keep(tree).published = true;
    void this.#amend(log);
    for (const witness of this.witnesses) witness.offer(tree);
  }

  async #ask(client: WitnessClient, tree: LogTree): Promise<void> {
    const [outcome] = await client.cosign(tree.checkpoint, (older) => tree.consistencyPath(older));
    if (outcome === undefined || 'error' in outcome) throw outcome?.error;
    const kept = this.#keep(tree);
    kept.checkpoint = withCosignatures(kept.checkpoint, outcome.lines);
    if (this.#log !== undefined) await this.#amend(this.#log);
  }

  #keep({ size, checkpoint }: LogTree): CosignedTree {
    const { text } = readCheckpoint(checkpoint).note;
    const kept = this.#trees.get(text) ?? { size, checkpoint, published: false };
    this.#trees.set(text, kept);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > KEPT_TREES) this.#trees.delete(oldest!);
    return kept;
  }

  /** Publishes cosignatures of the last checkpoint that came late. What cannot be written now comes with the next one. */
  #amend(log: CosignedLog): Promise<void> {
    this.#amending = this.#amending.then(async () => {
      const { checkpoint } = log;
      const kept = this.#trees.get(readCheckpoint(checkpoint).note.text);
      if (kept === undefined || kept.checkpoint === checkpoint) return;
      await log.publishSigned(checkpoint, kept.checkpoint).catch(() => {});
    });
    return this.#amending;
  }

  /** Resolves once each witness has cosigned a tree of this size or a larger one, or has failed to. */
  async settled(size: number): Promise<void> {
    await Promise.all(this.witnesses.map((witness) => witness.settled(size)));
  }

  /** Of the published checkpoints that cover an entry, the one that most have cosigned. */
  checkpointFor(index: number): string | undefined {
    const covering = [...this.#trees.values()].filter(({ size, published }) => published && size > index);
    return covering.sort((a, b) => signers(b) - signers(a) || b.size - a.size)[0]?.checkpoint;
  }

  close(): void {
    for (const witness of this.witnesses) witness.close();
  }
}

function signers({ checkpoint }: CosignedTree): number {
  return new Set(readCheckpoint(checkpoint).note.signatures.map(({ name, keyId }) => `${name}+${keyId}`))
    .size;
}
