import { MemoryStore, type Taken, Watch, type WatchOptions } from '../../../src/client/index.ts';
import { INFER, type Provider } from './provider.ts';

/** Somebody who asks models, and watches what comes. */
export class User {
  readonly provider: Provider;
  readonly watch: Watch;
  readonly store: WatchOptions['store'];

  private constructor(provider: Provider, watch: Watch, store: WatchOptions['store']) {
    [this.provider, this.watch, this.store] = [provider, watch, store];
  }

  static async of(provider: Provider, options: Partial<WatchOptions> = {}): Promise<User> {
    const store = options.store ?? new MemoryStore();
    const watch = await Watch.open({
      upstream: provider.url,
      models: [{ record: provider.record }],
      now: provider.clock.now,
      ...options,
      store,
    });
    return new User(provider, watch, store);
  }

  /** Asks for a row as any client does. @param more what is sent instead of what the watch sees */
  async ask(
    n = 0,
    more: {
      readonly sent?: number;
      readonly sentContext?: string;
      readonly id?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Taken> {
    const { provider } = this;
    const bodyOf = (row: readonly number[], context: string) => {
      const inputs = [{ name: 'input', shape: [1, row.length], datatype: 'FP64', data: row }];
      return new TextEncoder().encode(JSON.stringify({ inputs, parameters: { context } }));
    };
    const { sent = n, sentContext = 'order 7', headers = {} } = more;
    const response = await fetch(`${provider.url}${INFER}`, {
      method: 'POST',
      headers,
      body: bodyOf(provider.row(sent), sentContext),
    });
    return this.watch.took({
      ...(more.id !== undefined && { id: more.id }),
      path: INFER,
      request: { headers, body: bodyOf(provider.row(n), 'order 7') },
      response: {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      },
    });
  }

  /** Rounds of the watch, until something holds. */
  async until(done: () => boolean): Promise<void> {
    for (let round = 0; ; round += 1) {
      await this.watch.step();
      if (done()) return;
      if (round > 500) throw new Error(`nothing came: ${JSON.stringify(this.watch.status().alarms)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get kinds(): string[] {
    return this.watch.alarms.map(({ kind }) => kind);
  }
}
