import { MemoryStore, type Taken, Watch, type WatchOptions } from '../../../src/client/index.ts';
import type { Provider } from './provider.ts';

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

  /** Asks for a row as any client does. */
  async ask(n = 0, { context = 'order 7', path = '/v2/models/iris/infer' } = {}): Promise<Taken> {
    const { provider } = this;
    const inputs = [{ name: 'input', shape: [1, 4], datatype: 'FP64', data: provider.row(n) }];
    const body = new TextEncoder().encode(JSON.stringify({ inputs, parameters: { context } }));
    const response = await fetch(`${provider.url}${path}`, { method: 'POST', body });
    return this.watch.took({
      path,
      request: { headers: {}, body },
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
