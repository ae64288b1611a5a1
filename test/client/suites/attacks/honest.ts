import { describe, expect, it } from 'vitest';
import { MemoryStore, Watch } from '../../../../src/client/index.ts';
import { iris } from '../../../server/serve/support/iris.ts';
import { ALL, NONE, provider, settled, theAlarm } from '../../support/attacked.ts';
import { type Cheat, INFER, Provider } from '../../support/provider.ts';
import { User } from '../../support/user.ts';

/** Answers in the hour, and the share that is asked for: `npm run test:slow:watch` has more. */
const ANSWERS = Number(process.env.ANSWERS ?? 30);
const ASKED = ANSWERS > 1000 ? 0.02 : 0.1;

/** Numbers in [0, 1), the same each time. */
function seeded(): () => number {
  let state = 7;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

describe('an honest endpoint', () => {
  it('is quiet for an hour', async () => {
    const quiet = await Provider.open(iris());
    const user = await User.of(quiet, { policy: { ask: ASKED, askAfter: 300 }, random: seeded() });
    const asked = new Set<string>();
    quiet.cheats = [
      ({ method, path }) => {
        if (method === 'POST' && path.startsWith('/v2/proofs/')) asked.add(path);
      },
    ];
    /** Threads prove in real time. What they would have done by now in a real hour is done, before the clock goes on. */
    const proved = async () => {
      for (const path of asked) {
        while ((await fetch(quiet.url + path)).status === 202)
          await new Promise((done) => setTimeout(done, 20));
        asked.delete(path);
      }
    };
    let now = 0;
    for (let n = 0; n < ANSWERS; n += 1) {
      const { state } = await user.ask(n);
      expect(state).toBe('kept');
      const pause = 3600 / ANSWERS;
      if (Math.floor((now + pause) / 30) > Math.floor(now / 30)) {
        await settled(user);
        await proved();
      }
      quiet.clock.pass(pause);
      now += pause;
    }
    await settled(user);
    for (let rounds = 0; user.watch.status().models[0]!.waitingForProof > 0; rounds += 1) {
      expect(rounds).toBeLessThan(100);
      await proved();
      quiet.clock.pass(60);
      await user.watch.step();
    }
    const { models, alarms, notices, unchecked } = user.watch.status();
    expect({ alarms, unchecked, answers: models[0]!.answers }).toEqual({
      alarms: [],
      unchecked: 0,
      answers: ANSWERS,
    });
    expect(notices.map(({ kind }) => kind)).toEqual(['log-at-first-sight']);
    expect(models[0]!.proved).toBeGreaterThan(0);
    await quiet.close();
  });

  it('that promises a proof by a time is looked at after that time, and a late one is seen', async () => {
    const all = await Provider.open(iris(), { policy: { prove: 'all', within: 100 } });
    const user = await User.of(all, ALL);
    await user.ask();
    await settled(user);
    all.cheats = [
      (passing) => {
        if (passing.path.startsWith('/v2/proofs/')) expect(passing.method).toBe('GET');
      },
    ];
    all.clock.pass(100 + 30);
    await user.until(() => user.watch.status().models[0]!.proved === 1);
    await user.ask(1);
    await settled(user);
    all.cheats = [
      (passing) => {
        if (passing.path.startsWith('/v2/proofs/'))
          Object.assign(passing, { status: 202, body: Buffer.from('{}') });
      },
    ];
    all.clock.pass(100 + 30 + 61);
    await user.watch.step();
    theAlarm(user, 'proof-late');
    await all.close();
  });

  it('a watch that ended anyhow goes on where it was, and takes the same exchange once', async () => {
    const store = new MemoryStore();
    const before = await User.of(provider, { ...ALL, store });
    const { receiptIds } = await before.ask(0, { id: 'one' });
    expect((await before.ask(0, { id: 'one' })).state).toBe('known');
    // It is not closed: the store is all that is left.
    const user = await User.of(provider, { ...ALL, store });
    expect(user.watch.status().models[0]).toMatchObject({ answers: 1, waitingForLog: 1, waitingForProof: 1 });
    expect((await user.ask(0, { id: 'one' })).state).toBe('known');
    await settled(user);
    provider.clock.pass(30);
    await user.until(() => user.watch.status().models[0]!.proved === 1);
    expect(user.kinds).toEqual([]);
    expect(receiptIds).toHaveLength(1);
    const elsewhere = { upstream: 'http://127.0.0.1:1', models: [{ record: provider.record }], store };
    await expect(Watch.open(elsewhere)).rejects.toMatchObject({ code: 'QP7770' });
    await expect(Watch.open({ ...elsewhere, models: [] })).rejects.toMatchObject({ code: 'QP7771' });
  });

  it('that asks for credentials is asked for proofs only with them, also after a start', async () => {
    let authorized = false;
    const token = 'Bearer token';
    // As the endpoint does when it has tokens.
    provider.cheats = [
      (passing) => {
        if (passing.method !== 'POST' || passing.path === INFER) return;
        authorized = passing.requestHeaders.authorization === token;
        if (!authorized) Object.assign(passing, { status: 401, body: Buffer.from('{}') });
      },
    ];
    const store = new MemoryStore();
    const before = await User.of(provider, { ...ALL, store });
    await before.ask(0, { headers: { authorization: token } });
    const user = await User.of(provider, { ...ALL, store });
    await settled(user);
    for (let hour = 0; hour < 3; hour += 1) {
      provider.clock.pass(3600);
      await user.watch.step();
    }
    expect([user.kinds, user.watch.status().models[0]!.waitingForProof]).toEqual([[], 1]);
    await user.ask(1, { headers: { authorization: token } });
    await user.until(() => user.watch.status().models[0]!.proved > 0);
    expect([user.kinds, authorized]).toEqual([[], true]);
  });
});

describe('a watch that is killed while it waits', () => {
  /** Again from what the store has: nothing was closed. */
  const killed = (user: User) => User.of(provider, { ...NONE, store: user.store });
  const away: Cheat = (passing) => {
    passing.status = 503;
  };

  it('goes on waiting: neither from the start, nor as if it had looked meanwhile', async () => {
    provider.cheats = [away];
    let user = await User.of(provider, NONE);
    await user.watch.step();
    provider.clock.pass(600);
    await user.watch.step();
    user = await killed(user);
    expect(user.watch.status().unreachableSince).toBeDefined();
    // Nobody looked for two hours: it may have been there.
    provider.clock.pass(7200);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(200);
    await user.watch.step();
    user = await killed(user);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(110);
    await user.watch.step();
    expect(theAlarm(user, 'unreachable').since).toBeLessThan(provider.clock.now() / 1000 - 7200);
    user = await killed(user);
    await user.watch.step();
    const { id } = theAlarm(user, 'unreachable');
    provider.cheats = [];
    await user.watch.step();
    expect(user.watch.alarms.find((alarm) => alarm.id === id)?.ended).toBeGreaterThan(0);
  });

  it('has forgotten what was as it should be again', async () => {
    provider.cheats = [away];
    let user = await User.of(provider, NONE);
    await user.watch.step();
    provider.clock.pass(899);
    await user.watch.step();
    provider.cheats = [];
    await user.watch.step();
    user = await killed(user);
    expect(user.watch.status().unreachableSince).toBeUndefined();
    provider.cheats = [away];
    await user.watch.step();
    provider.clock.pass(899);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
  });
});
