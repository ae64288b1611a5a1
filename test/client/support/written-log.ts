import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { TileLog } from '../../../src/log/tile-log.ts';
import { canonicalJson } from '../../../src/verify/index.ts';
import { readCheckpoint } from '../../../src/verify/log/index.ts';
import { type Cheat, ORIGIN, type Provider } from './provider.ts';

/** A log into which its operator writes what it likes. Its files, its checkpoint and its key are in order. */
export class WrittenLog {
  readonly #log: TileLog;
  readonly #folder: string;

  private constructor(log: TileLog, folder: string) {
    [this.#log, this.#folder] = [log, folder];
  }

  /** Signed by the key of the provider, under its name. */
  static async open({ artifact, key }: Provider): Promise<WrittenLog> {
    const folder = await mkdtemp(path.join(artifact.root, 'written-'));
    const signer = noteSigner(ORIGIN, 'note', key);
    return new WrittenLog(await TileLog.open(folder, { origin: ORIGIN, signer }), folder);
  }

  async write(...entries: readonly string[]): Promise<void> {
    await this.#log.append(entries.map((entry) => new TextEncoder().encode(entry)));
  }

  /** Is shown instead of the provider's. */
  readonly shown: Cheat = async (passing) => {
    if (!passing.path.startsWith('/log/')) return;
    const body = await readFile(path.join(this.#folder, passing.path.slice(5))).catch(() => undefined);
    Object.assign(passing, body === undefined ? { status: 404 } : { status: 200, body });
  };

  async close(): Promise<void> {
    await this.#log.close();
  }
}

/** An entry that announces a model. @param time seconds since 1970 */
export function modelEntry({ answerer }: Provider, time: number): string {
  return canonicalJson({
    kind: 'model',
    modelId: answerer.model.ids.modelId,
    modelVersion: '1',
    name: 'iris',
    policy: { prove: 'on-demand', retention: 86_400, within: 600 },
    time: Math.floor(time),
    version: 'quietproof/log-entry/v1',
  });
}

/** Somebody who signs every checkpoint that he is shown, at the time of a clock in milliseconds. */
export class TestWitness {
  readonly #signer = noteSigner('witness.example', 'cosignature', generateKeyPairSync('ed25519').privateKey);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What somebody asks for who relies on it alone. */
  get quorum() {
    return { least: 1, of: [{ name: 'a witness', keys: [{ key: this.#signer.key }] }] };
  }

  readonly cosign = (text: string): string =>
    text + this.#signer.signatureLine(readCheckpoint(text).note.text, Math.floor(this.#now() / 1000));
}
