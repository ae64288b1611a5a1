import type { CheckedTrust } from '@quietproof/verify';
import { Refusal } from '@quietproof/verify';
import { AlarmBook } from '../alarms/alarm-book.ts';
import type { Alarm, Notice } from '../alarms/alarm-types.ts';
import { LogFiles, UnreadableLog } from '../log/log-files.ts';
import { asNamed, asTrusted, logNamedBy } from '../log/watched-log.ts';
import { WatchError } from '../refusals.ts';
import { Journal } from '../store/journal.ts';
import { STORE_VERSION } from '../store/watch-store.ts';
import { Unreached, Upstream } from '../upstream.ts';
import { compareOthers, fetchOthers, takeOther } from './compare.ts';
import { doubt, settle } from './doubts.ts';
import { knownModels } from './known-models.ts';
import { alarm, notice, type WatchedLog, type WatchParts } from './parts.ts';
import { policyOf } from './policy.ts';
import { drawAnswers } from './round-draws.ts';
import { checkInclusion } from './round-inclusion.ts';
import { followLog } from './round-log.ts';
import { lookAtProofs } from './round-proofs.ts';
import { checkTrust } from './round-trust.ts';
import { statusOf } from './status.ts';
import { answeringModel, takeExchange } from './take-exchange.ts';
import { WatchState } from './watch-state.ts';
import type { Exchange, Taken, WatchOptions, WatchStatus } from './watch-types.ts';

/**
 * Watches an endpoint for one user: keeps what was promised with answers, checks that the log holds it, asks for proofs at
 * random, and tells what is off. It starts no timers: call `step` every few seconds.
 */
export class Watch {
  readonly #parts: WatchParts;
  readonly #options: WatchOptions;
  readonly #session: Session;
  #trust: CheckedTrust | undefined;
  #log: WatchedLog | undefined;
  #stepping: Promise<void> | undefined;

  private constructor(parts: WatchParts, options: WatchOptions, session: Session) {
    [this.#parts, this.#options, this.#session] = [parts, options, session];
  }

  /**
   * Reads the store and goes on where it ends. Asks nobody.
   *
   * @throws WatchError QP7770 (the store is of another endpoint or version), QP7771 (the options); Refusal (a model.json)
   */
  static async open(options: WatchOptions): Promise<Watch> {
    const upstream = String(options.upstream).replace(/\/+$/, '');
    const policy = policyOf(options.policy);
    const models = knownModels(options.models);
    const milliseconds = options.now ?? Date.now;
    const now = () => milliseconds() / 1000;
    const book = new AlarmBook();
    const state = new WatchState(book, policy.keep, now);
    let count = 0;
    for await (const record of options.store.read()) {
      if (count === 0 && (record.kind !== 'watch' || record.version !== STORE_VERSION))
        throw new WatchError('QP7770');
      state.apply(record);
      count += 1;
    }
    if (state.began !== undefined && state.began.upstream !== upstream) {
      throw new WatchError('QP7770', { where: state.began.upstream });
    }
    const journal = new Journal(options.store, state, count);
    if (state.began === undefined) {
      await journal.write({ kind: 'watch', version: STORE_VERSION, upstream, since: now() });
    }
    const session: Session = { authorization: undefined };
    const send = options.fetch ?? ((...words) => fetch(...words));
    const headers = options.headers ?? (() => headersOf(session));
    const server = new Upstream(upstream, { fetch: send, headers });
    const parts: WatchParts = {
      policy,
      models,
      state,
      book,
      journal,
      upstream: server,
      files: new LogFiles(server),
      fetch: send,
      now,
      random: options.random ?? secureRandom,
      checker: options.checker,
      seen: { witnessedAt: undefined, lastRound: undefined, unchecked: 0 },
    };
    return new Watch(parts, options, session);
  }

  /** All that were raised, in order. */
  get alarms(): readonly Alarm[] {
    return this.#parts.book.alarms;
  }

  /** Calls `listener` with every alarm and notice, once each, when it is durable. @returns ends that */
  listen(listener: (told: Alarm | Notice) => void): () => void {
    return this.#parts.book.listen(listener);
  }

  /**
   * Takes an exchange with the endpoint: checks at once what can be checked at once, and keeps what was promised. Resolves
   * when that is durable.
   *
   * @throws what the store throws: then nothing of it is kept, and it is to be given again
   */
  async took(exchange: Exchange): Promise<Taken> {
    const { state, journal, seen, book } = this.#parts;
    const { authorization } = exchange.request.headers;
    if (authorization !== undefined) this.#session.authorization = authorization;
    const name = answeringModel(exchange);
    if (name === undefined) return { state: 'ignored', receiptIds: [], alarms: [] };
    const { id } = exchange;
    if (id !== undefined && state.exchanges.has(id)) return { state: 'known', receiptIds: [], alarms: [] };
    const log = await this.#knowLog().catch(ifUnreached);
    const { records, answers, alarmIds } = await takeExchange(this.#parts, log, exchange, name);
    if (answers.length === 0) seen.unchecked += 1;
    await journal.write(...records);
    const alarms = alarmIds.flatMap((one) => {
      const told = book.find(one);
      return told?.level === 'alarm' ? [told] : [];
    });
    const receiptIds = answers.flatMap(({ receiptId }) => receiptId ?? []);
    return { state: alarmIds.length > 0 ? 'alarm' : 'kept', receiptIds, alarms };
  }

  /** One round of all that is not done at once. If one is under way, waits for that. @throws what the store throws */
  step(): Promise<void> {
    this.#stepping ??= this.#round().finally(() => {
      this.#stepping = undefined;
    });
    return this.#stepping;
  }

  async #round(): Promise<void> {
    const { seen, now } = this.#parts;
    this.#trust = await checkTrust(this.#parts, this.#options.trust);
    const failures: Unreached[] = [];
    const attempt = async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof Unreached)) throw error;
        failures.push(error);
      }
    };
    await attempt(() => this.#lookAtLog());
    await attempt(() => lookAtProofs(this.#parts));
    await this.#reached(failures[0]);
    if (failures.length === 0) seen.lastRound = now();
    // The beacon is not the provider's.
    await attempt(() => drawAnswers(this.#parts, this.#log?.origin ?? ''));
  }

  async #lookAtLog(): Promise<void> {
    const log = await this.#knowLog();
    if (log === undefined) return;
    await fetchOthers(this.#parts, log);
    const checkpoint = await followLog(this.#parts, log);
    const text = this.#parts.state.checkpoint?.text;
    if (checkpoint === undefined || text === undefined) return;
    try {
      await checkInclusion(this.#parts, log, checkpoint, text);
    } catch (error) {
      if (!(error instanceof UnreadableLog)) throw error;
      this.#parts.files.forget();
    }
    await compareOthers(this.#parts, log);
  }

  /**
   * Which log holds the answers: as the options say, or as the trust file says of the log that the endpoint names, or the
   * one that it named first.
   *
   * @throws Unreached
   */
  async #knowLog(): Promise<WatchedLog | undefined> {
    const { state, journal, upstream, now } = this.#parts;
    if (this.#options.log !== undefined) {
      this.#log = { ...this.#options.log, from: 'options' };
      return this.#log;
    }
    if (state.log === undefined) {
      const named = await logNamedBy(upstream);
      if (named === undefined) return undefined;
      if (state.log === undefined) await journal.write(named);
    }
    const named = state.log!;
    try {
      const trusted = this.#trust === undefined ? undefined : asTrusted(this.#trust, named.origin);
      if (trusted !== undefined) {
        this.#log = { ...trusted, from: 'trust' };
        return this.#log;
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const own = { subject: named.origin, detail: `${error.message}.`, cause: error.code, since: now() };
      await journal.write(alarm(this.#parts, 'trust-gone', own));
    }
    const detail = `It is ${named.keys.join(', ')}.`;
    await journal.write(
      notice(this.#parts, 'log-at-first-sight', { subject: named.origin, detail, since: now() }),
    );
    this.#log = { ...asNamed(named), from: 'first-sight' };
    return this.#log;
  }

  /** Not to be reached is a notice at first, and an alarm when it lasts, which ends when it ends. */
  async #reached(failure: Unreached | undefined): Promise<void> {
    const { policy, journal } = this.#parts;
    if (failure === undefined) {
      await settle(this.#parts, 'reach', (since) => [`unreachable/${since}`]);
      return;
    }
    const { since, lasted } = await doubt(this.#parts, 'reach');
    const parts = { subject: `${since}`, detail: `${failure.message}.`, since };
    await journal.write(
      lasted >= policy.grace.reach
        ? alarm(this.#parts, 'unreachable', parts)
        : notice(this.#parts, 'not-reached', { ...parts, subject: 'first' }),
    );
  }

  /** The last checkpoint that was followed, for others to compare. */
  get checkpoint(): string | undefined {
    return this.#parts.state.checkpoint?.text;
  }

  /**
   * Compares with a checkpoint that another watcher or a witness was shown. One that is larger than the own one is compared
   * when the own one is as large. What is found is an alarm.
   *
   * @throws WatchError QP7772 if it is none of this log; Unreached if the log cannot be read now, which the next step repeats
   */
  async compare(checkpoint: string): Promise<void> {
    const log = await this.#knowLog();
    if (log === undefined) throw new WatchError('QP7772', { where: 'no log is known yet' });
    await takeOther(this.#parts, log, checkpoint);
    await compareOthers(this.#parts, log);
  }

  /** The user has dealt with an alarm: it is kept, and stands no longer. */
  async acknowledge(id: string): Promise<void> {
    const { journal, now } = this.#parts;
    await journal.write({ kind: 'acknowledged', id, at: now() });
  }

  status(): WatchStatus {
    return statusOf(this.#parts, this.#log);
  }

  /** Waits for what was begun. */
  async close(): Promise<void> {
    await this.#stepping?.catch(() => {});
    await this.#parts.journal.idle();
  }
}

interface Session {
  authorization: string | undefined;
}

function headersOf({ authorization }: Session): Record<string, string> {
  return authorization === undefined ? {} : { authorization };
}

function ifUnreached(error: unknown): undefined {
  if (error instanceof Unreached) return undefined;
  throw error;
}

/** 53 random bits. */
function secureRandom(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}
