import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { ModelAnswerer } from '#dist/index.js';
import { type OpenedApp, openAnsweringApp, type SealOptions } from '#dist/server/http/open-app.js';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { fileJson } from '../../../src/verify/index.ts';
import type { IrisArtifact } from '../../support/iris-artifact.ts';

export const ORIGIN = 'log.example/iris';
export const INFER = '/v2/models/iris/infer';

/** A response on its way from a real endpoint to whoever asked. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly requestBody: Buffer;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Changes a response, or gives another one. A provider that cheats does what it returns. */
export type Cheat = (passing: Passing) => Promise<void> | void;

/** A real endpoint, with a clock of the tests, behind a server that can cheat. */
export class Provider {
  readonly key: KeyObject;
  readonly artifact: IrisArtifact;
  readonly answerer: ModelAnswerer;
  readonly folder: string;
  readonly clock: Clock;
  /** Several act one after another. */
  cheats: Cheat[] = [];
  url = '';
  #opened: OpenedApp | undefined;
  #server: Server | undefined;

  private constructor(artifact: IrisArtifact, answerer: ModelAnswerer, folder: string, clock: Clock) {
    [this.artifact, this.answerer, this.folder, this.clock] = [artifact, answerer, folder, clock];
    this.key = generateKeyPairSync('ed25519').privateKey;
  }

  static async open(artifact: IrisArtifact, options: ProviderOptions = {}): Promise<Provider> {
    const { clock = new Clock(), corsOrigins = [], ...seal } = options;
    const answerer = await ModelAnswerer.open(artifact.artifactDir);
    const folder = await mkdtemp(path.join(artifact.root, 'provider-'));
    const provider = new Provider(artifact, answerer, folder, clock);
    await provider.#open(seal, corsOrigins);
    return provider;
  }

  async #open(
    { policy, ...more }: Omit<ProviderOptions, 'clock' | 'corsOrigins'>,
    corsOrigins: readonly string[],
  ): Promise<void> {
    this.#opened = await openAnsweringApp({
      models: [{ artifactDir: this.artifact.artifactDir }],
      serverVersion: '0.0.0',
      corsOrigins,
      seal: {
        folder: this.folder,
        origin: ORIGIN,
        key: this.key,
        policy: { prove: 'on-demand', within: 600, retention: 86_400, ...policy } as SealOptions['policy'],
        publishEvery: 5,
        workers: 1,
        longestWait: 1e9,
        clock: () => this.clock.now(),
        ...more,
      },
    });
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', async () => {
        const passing = await this.#pass(
          request.method!,
          request.url!,
          request.headers,
          Buffer.concat(parts),
        );
        response.writeHead(passing.status, passing.headers).end(passing.body);
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #pass(
    method: string,
    url: string,
    headers: IncomingHttpHeaders,
    requestBody: Buffer,
  ): Promise<Passing> {
    const { app } = this.#opened!;
    const real = await app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers },
      payload: requestBody,
    });
    const own = Object.entries(real.headers).filter(
      ([name]) => !/^(content-length|connection|transfer-)/.test(name),
    );
    const passing: Passing = {
      method,
      path: url,
      requestHeaders: headers,
      requestBody,
      status: real.statusCode,
      headers: Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
      body: real.rawPayload,
    };
    for (const cheat of this.cheats) await cheat(passing);
    return passing;
  }

  /** What the user has: the model.json. */
  get record(): string {
    return fileJson(this.answerer.recordV2());
  }

  get modelId(): string {
    return this.answerer.model.ids.modelId;
  }

  get log() {
    return {
      origin: ORIGIN,
      keys: [noteSigner(ORIGIN, 'note', this.key).key],
      witnesses: { least: 0, of: [] },
    };
  }

  row(n: number): readonly number[] {
    return this.artifact.rows[n % this.artifact.rows.length]!;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    await this.#opened?.app.close();
  }
}

export type ProviderOptions = Partial<Omit<SealOptions, 'policy' | 'clock'>> & {
  readonly policy?: Partial<SealOptions['policy']>;
  readonly clock?: Clock;
  readonly corsOrigins?: readonly string[];
};

/** Time of the tests: real time, and what they add to it. */
export class Clock {
  ahead = 0;

  /** Milliseconds. */
  readonly now = (): number => Date.now() + this.ahead;

  pass(seconds: number): void {
    this.ahead += seconds * 1000;
  }
}
