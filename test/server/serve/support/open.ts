import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readCheckpoint, readEntryBundle, TILE_WIDTH, tilePath } from '@quietproof/verify/log';
import { ModelAnswerer } from '#dist/prove/model-answerer.js';
import { type EndpointOptions, openEndpoint } from '#dist/server/serve/open-endpoint.js';
import { Webhooks } from '#dist/server/webhooks/webhooks.js';
import { noteSigner } from '../../../../src/log/note-signer.ts';
import type {
  Endpoint,
  EndpointEvent,
  LocalEndpoint,
  SealedAnswer,
} from '../../../../src/server/serve/endpoint.ts';
import type { ReceiverState, WebhookAddress } from '../../../../src/server/webhooks/addresses.ts';
import type { IrisArtifact } from '../../../support/iris-artifact.ts';
import { iris } from './iris.ts';
import { until } from './until.ts';

export { until } from './until.ts';

export const ORIGIN = 'log.example/iris';
export const ALL = { prove: 'all', within: 3600, retention: 86_400 } as const;

/** How sites are opened, where it is not as files: the suites that are about any endpoint run on both. */
export interface SiteKind {
  open(site: Site, options: EndpointOptions): Promise<Endpoint>;
  openHooked(site: Site, options: EndpointOptions, hooks: Hooks): Promise<HookedEndpoint>;
  /** A file of the log, also while no endpoint is open. */
  logFile(site: Site, name: string): Promise<Uint8Array>;
}

/** Webhooks of an endpoint; times in milliseconds. */
export interface Hooks {
  readonly addresses: readonly WebhookAddress[];
  readonly lookEvery: number;
  readonly firstPause: number;
}

export interface HookedEndpoint {
  readonly endpoint: Endpoint;
  readonly receivers: () => readonly ReceiverState[];
  close(): Promise<void>;
}

let kind: SiteKind | undefined;

export function useKind(given: SiteKind): void {
  kind = given;
}

/** An endpoint over a folder of its own, which can be opened again. */
export class Site {
  readonly folder: string;
  readonly artifact: IrisArtifact;
  readonly key: KeyObject;
  readonly events: EndpointEvent[] = [];
  /** Milliseconds that the clock is ahead. */
  ahead = 0;
  readonly #answerer: ModelAnswerer;

  private constructor(folder: string, artifact: IrisArtifact, answerer: ModelAnswerer) {
    this.folder = folder;
    this.artifact = artifact;
    this.key = generateKeyPairSync('ed25519').privateKey;
    this.#answerer = answerer;
  }

  static async make(artifact: IrisArtifact = iris()): Promise<Site> {
    const folder = await mkdtemp(path.join(artifact.root, 'site-'));
    return new Site(folder, artifact, await ModelAnswerer.open(artifact.artifactDir));
  }

  get record() {
    return this.#answerer.recordV2();
  }

  get policy() {
    return { origin: ORIGIN, keys: [noteSigner(ORIGIN, 'note', this.key).key], witnesses: [] };
  }

  open(options: Partial<EndpointOptions> = {}): Promise<Endpoint> {
    return kind === undefined ? this.openLocal(options) : kind.open(this, this.optionsOf(options));
  }

  openLocal(options: Partial<EndpointOptions> = {}): Promise<LocalEndpoint> {
    return openEndpoint(this.optionsOf(options));
  }

  /** An endpoint that tells webhooks about its proofs. */
  async openHooked(options: Partial<EndpointOptions>, hooks: Hooks): Promise<HookedEndpoint> {
    if (kind !== undefined) return kind.openHooked(this, this.optionsOf(options), hooks);
    let webhooks: Webhooks | undefined;
    const endpoint = await this.openLocal({
      ...options,
      owed: (receiptId) => webhooks?.owes(receiptId) ?? true,
      onEvent: (event) => webhooks?.heard(event),
    });
    const close = async () => {
      await webhooks?.close();
      await endpoint.close();
    };
    const folder = path.join(this.folder, 'webhooks');
    const clock = () => Date.now() + this.ahead;
    try {
      webhooks = await Webhooks.open(endpoint, { ...hooks, folder, clock, onFailure: () => {} });
    } catch (error) {
      await close();
      throw error;
    }
    return { endpoint, receivers: () => webhooks?.receivers ?? [], close };
  }

  optionsOf(options: Partial<EndpointOptions> = {}): EndpointOptions {
    return {
      folder: this.folder,
      origin: ORIGIN,
      key: this.key,
      models: [{ artifactDir: this.artifact.artifactDir, policy: ALL }],
      publishEvery: 20,
      workers: 1,
      clock: () => Date.now() + this.ahead,
      onEvent: (event) => this.events.push(event),
      ...options,
    };
  }

  rowOf(n: number): readonly number[] {
    return this.artifact.rows[n % this.artifact.rows.length]!;
  }

  answer(endpoint: Endpoint, n = 0, model = endpoint.models[0]!): Promise<SealedAnswer> {
    const row = this.#answerer.encode(this.rowOf(n));
    return endpoint.answer({ model, row, context: Buffer.from(`order ${n}`) });
  }
}

/** Waits for the bundle of a receipt. */
export function bundleOf(endpoint: Endpoint, id: string): Promise<string> {
  return until(async () => {
    const receipt = await endpoint.receipt(id);
    return receipt?.state === 'proved' ? receipt.bundle : undefined;
  });
}

/** Texts of the entries that the log's checkpoint covers. */
export async function entriesOf(site: Pick<Site, 'folder'>): Promise<string[]> {
  const read = (name: string): Promise<Uint8Array> =>
    kind === undefined || !(site instanceof Site)
      ? readFile(path.join(site.folder, 'log', name))
      : kind.logFile(site, name);
  const { size } = readCheckpoint(Buffer.from(await read('checkpoint')).toString());
  const entries: string[] = [];
  for (let index = 0; entries.length < size; index += 1) {
    const width = Math.min(TILE_WIDTH, size - entries.length);
    const bundle = await read(tilePath({ level: 'entries', index, width }));
    entries.push(
      ...readEntryBundle(new Uint8Array(bundle), width).map((entry) => Buffer.from(entry).toString()),
    );
  }
  return entries;
}
