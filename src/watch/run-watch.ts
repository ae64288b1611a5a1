import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Alarm, ExpectedModel, WatchPolicy, WatchStatus } from '@quietproof/client';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readPageAssets } from '../export/browser/page-assets.ts';
import { makeFolder } from '../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { ownPages } from './pages/own-pages.ts';
import { proxyServer } from './proxy/proxy-server.ts';
import { standing, Troubles, type WatchReport } from './report.ts';
import type { KeptExchange } from './store/kept-exchange.ts';
import { Spool } from './store/spool.ts';
import type { TrustPaths } from './thread/messages.ts';
import { WatchThread } from './thread/watch-thread-handle.ts';
import { Webhook, type WebhookOptions } from './webhook/webhook.ts';

export interface WatchSettings {
  /** Base address of the endpoint. */
  readonly upstream: URL;
  readonly models: readonly ExpectedModel[];
  /** Folder for all that the watch knows. One watch at a time has it. */
  readonly state: string;
  readonly trust?: TrustPaths;
  readonly policy?: Partial<WatchPolicy>;
  /** Milliseconds between rounds in the background; undefined: only when asked. Default: 10,000. */
  readonly every?: number | undefined;
  readonly webhook?: Pick<WebhookOptions, 'url' | 'secrets'>;
  /** Called with each alarm when it is raised. */
  readonly onAlarm?: (alarm: Alarm) => void;
}

const EVERY = 10_000;
const PRIVATE_FOLDER = 0o700;

/** A watch over one folder: a proxy to put between client and endpoint, and what checks the answers behind it. */
export class RunningWatch {
  readonly #settings: WatchSettings;
  readonly #lock: FolderLock;
  readonly #spool: Spool;
  readonly #webhook: Webhook | undefined;
  readonly #thread: WatchThread;
  readonly #troubles: Troubles;
  #server: Server | undefined;
  #authorization: string | undefined;
  /** Rejects if nothing is checked any more; never resolves. */
  readonly ended: Promise<never>;

  private constructor(settings: WatchSettings, parts: WatchParts) {
    this.#settings = settings;
    [this.#lock, this.#spool, this.#webhook] = [parts.lock, parts.spool, parts.webhook];
    [this.#thread, this.#troubles, this.ended] = [parts.thread, parts.troubles, parts.ended];
  }

  /**
   * Opens the folder, and goes on with what an earlier process left: also if that was killed.
   *
   * @throws QP6206 another process has the folder; QP6452 it is damaged; QP6450 (the models);
   *   QP8001–QP8008
   */
  static async open(settings: WatchSettings): Promise<RunningWatch> {
    await makeFolder(settings.state, PRIVATE_FOLDER);
    const lock = await lockFolder(settings.state, { purpose: 'change' });
    try {
      return new RunningWatch(settings, await openParts(settings, lock));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Begins to pass requests on.
   *
   * @param port 0 for any that is free
   * @returns the address
   * @throws QP6453
   */
  async listen(host: string, port: number): Promise<string> {
    const { style } = await readPageAssets();
    const server = proxyServer({
      upstream: this.#settings.upstream,
      keep: (exchange, request) => this.#keep(exchange, request),
      own: ownPages({ report: () => this.report(), style }),
    });
    this.#server = server;
    try {
      await once(server.listen(port, host), 'listening');
    } catch (cause) {
      throw new QuietproofError('QP6453', {
        what: `The address of the watch cannot be listened to: ${(cause as NodeJS.ErrnoException).code}`,
        where: `${host}, port ${port}`,
        fix: 'Pass another --listen, or stop what listens there',
        cause,
      });
    }
    const { address, family, port: own } = server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${own}`;
  }

  /** An answer that cannot be kept is handed on all the same: the watch is not to be what fails. */
  #keep(exchange: KeptExchange, { headers }: IncomingMessage): void {
    const { authorization } = headers;
    if (authorization !== undefined && authorization !== this.#authorization) {
      this.#authorization = authorization;
      this.#thread.authorize(authorization);
    }
    try {
      this.#thread.check([this.#spool.write(exchange)]);
    } catch (error) {
      this.#troubles.add(`An answer could not be kept, so it is not watched: ${(error as Error).message}`);
    }
  }

  async report(): Promise<WatchReport> {
    return this.#reportOf(await this.#thread.status());
  }

  /** One round in the background, from now on. */
  async step(): Promise<WatchReport> {
    return this.#reportOf(await this.#thread.step());
  }

  /**
   * The user has dealt with an alarm: it is kept, and stands no longer.
   *
   * @param id of the alarm
   * @throws QP6450 there is none of it
   */
  async acknowledge(id: string): Promise<void> {
    const { alarms } = await this.#thread.status();
    if (alarms.some((alarm) => alarm.id === id)) await this.#thread.acknowledge(id);
    else throw new QuietproofError('QP6450', { what: 'No alarm has this id', where: id });
  }

  #reportOf(status: WatchStatus): WatchReport {
    return { ...status, unexamined: this.#spool.waiting, troubles: this.#troubles.all };
  }

  /** Answers what was asked, checks what is being checked, and ends. The rest is found again by the next one. */
  async close(): Promise<WatchReport> {
    if (this.#server?.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeIdleConnections();
      await closed;
    }
    try {
      return this.#reportOf(await this.#thread.close());
    } finally {
      await this.#webhook?.close();
      this.#spool.close();
      this.#lock.release();
    }
  }
}

interface WatchParts {
  readonly lock: FolderLock;
  readonly spool: Spool;
  readonly webhook: Webhook | undefined;
  readonly thread: WatchThread;
  readonly troubles: Troubles;
  readonly ended: Promise<never>;
}

async function openParts(settings: WatchSettings, lock: FolderLock): Promise<WatchParts> {
  const { upstream, models, state, trust, policy = {}, webhook: hook, onAlarm } = settings;
  const troubles = new Troubles();
  const onTrouble = (what: string) => troubles.add(what);
  const webhook = hook && (await Webhook.open({ ...hook, folder: state, onTrouble }));
  const { spool, left } = await Spool.open(path.join(state, 'exchanges'));
  let end: (error: QuietproofError) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  // Whoever waits for it hears of it.
  ended.catch(() => {});
  const every = 'every' in settings ? settings.every : EVERY;
  const data = { upstream: upstream.href, folder: state, models, policy, every, ...(trust && { trust }) };
  const thread = await WatchThread.start(data, {
    checked: (place) => spool.checked(place),
    alarm: (alarm) => {
      webhook?.tell(alarm);
      onAlarm?.(alarm);
    },
    trouble: onTrouble,
    died: end,
  });
  if (webhook !== undefined) for (const alarm of standing(await thread.status())) webhook.tell(alarm);
  if (left.length > 0) thread.check(left);
  return { lock, spool, webhook, thread, troubles, ended };
}
