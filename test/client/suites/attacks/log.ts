import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../../src/verify/log/index.ts';
import { expectShown, NONE, provider, settled, theAlarm } from '../../support/attacked.ts';
import { otherHistory, resign, showing } from '../../support/cheats.ts';
import { User } from '../../support/user.ts';
import { modelEntry, WrittenLog } from '../../support/written-log.ts';

describe('a log', () => {
  it('that does not hold what it promised', async () => {
    const user = await User.of(provider, NONE);
    await user.watch.step();
    const old = user.watch.checkpoint!;
    await user.ask();
    provider.cheats = [showing(() => old)];
    provider.clock.pass(60 + 50);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(20);
    await user.watch.step();
    expect(theAlarm(user, 'broken-promise').words).toContain('can be denied');
  });

  it('that holds something else in the promised place', async () => {
    provider.cheats = [
      resign(provider.key, (promised, entry) => ({ ...promised, entry: entry({ time: 1 }) })),
    ];
    const user = await User.of(provider, NONE);
    await user.ask();
    await user.until(() => user.kinds.length > 0);
    expectShown(theAlarm(user, 'entry-dropped'));
  });

  it('that shows two histories one after the other', async () => {
    const user = await User.of(provider, NONE);
    await user.ask();
    await settled(user);
    provider.cheats = [showing(() => otherHistory(provider.key, user.watch.checkpoint!))];
    await user.watch.step();
    expectShown(theAlarm(user, 'log-forked'));
  });

  it('that shows two watchers different histories, found when they compare', async () => {
    const user = await User.of(provider, NONE);
    await user.ask();
    await settled(user);
    const other = otherHistory(provider.key, user.watch.checkpoint!);
    await user.ask();
    await settled(user);
    await user.watch.compare(other);
    expectShown(theAlarm(user, 'log-forked'));
    const alike = await User.of(provider, NONE);
    await alike.watch.step();
    await alike.watch.compare(user.watch.checkpoint!);
    expect(alike.kinds).toEqual([]);
    await expect(alike.watch.compare('no checkpoint')).rejects.toMatchObject({ code: 'QP7772' });
  });

  it('that shows a witness another history, which the watch asks', async () => {
    const user = await User.of(provider, { policy: { ask: 0, others: [`${provider.url}/witness`] } });
    await user.ask();
    await settled(user);
    const other = otherHistory(provider.key, user.watch.checkpoint!);
    provider.cheats = [
      (passing) => {
        if (passing.path === '/witness') Object.assign(passing, { status: 200, body: Buffer.from(other) });
      },
    ];
    await user.watch.step();
    expectShown(theAlarm(user, 'log-forked'));
  });

  it('that shrank, and not one that a cache holds back for a moment', async () => {
    const user = await User.of(provider, NONE);
    await user.watch.step();
    const old = user.watch.checkpoint!;
    await user.ask();
    await settled(user);
    expect(readCheckpoint(user.watch.checkpoint!).size).toBeGreaterThan(readCheckpoint(old).size);
    provider.cheats = [showing(() => old)];
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(301);
    await user.watch.step();
    expect(theAlarm(user, 'log-shrank').detail).toContain('had');
  });

  it('whose entries go back in time, which anybody can check', async () => {
    const log = await WrittenLog.open(provider);
    const now = provider.clock.now() / 1000;
    await log.write(...[-100, -50, -60].map((ago) => modelEntry(provider, now + ago)));
    provider.cheats = [log.shown];
    const user = await User.of(provider, NONE);
    await user.watch.step();
    const alarm = theAlarm(user, 'clock-back');
    expect([alarm.cause, alarm.index]).toEqual(['QP7755', 2]);
    expectShown(alarm);
    await log.close();
  });

  it('whose entries go back from one checkpoint to the next, and behind one that nobody can read', async () => {
    const log = await WrittenLog.open(provider);
    const now = provider.clock.now() / 1000;
    await log.write(modelEntry(provider, now), 'of a later version');
    provider.cheats = [log.shown];
    const before = await User.of(provider, NONE);
    await before.watch.step();
    await log.write(modelEntry(provider, now - 1));
    const user = await User.of(provider, { ...NONE, store: before.store });
    await user.watch.step();
    expectShown(theAlarm(user, 'clock-back'));
    await log.close();
  });

  it('that another key signs', async () => {
    const user = await User.of(provider, NONE);
    await user.watch.step();
    const other = generateKeyPairSync('ed25519').privateKey;
    provider.cheats = [showing(() => otherHistory(other, user.watch.checkpoint!))];
    await user.watch.step();
    expect(theAlarm(user, 'key-retired').cause).toBe('QP7706');
  });

  it('whose files lead nowhere', async () => {
    const user = await User.of(provider, NONE);
    provider.cheats = [
      (passing) => {
        if (passing.path.includes('/tile/entries/'))
          passing.body = Buffer.from(passing.body.map((byte, i) => (i === 9 ? byte ^ 1 : byte)));
      },
    ];
    await user.watch.step();
    provider.clock.pass(301);
    await user.watch.step();
    expect(theAlarm(user, 'unreadable').detail).toContain('lead');
  });

  it('and endpoint that cannot be reached: a notice, then an alarm, which ends', async () => {
    const user = await User.of(provider, NONE);
    provider.cheats = [
      (passing) => {
        passing.status = 503;
      },
    ];
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    expect(user.watch.status().notices.map(({ kind }) => kind)).toEqual(['not-reached']);
    provider.clock.pass(901);
    await user.watch.step();
    const { id } = theAlarm(user, 'unreachable');
    provider.cheats = [];
    await user.watch.step();
    expect(user.watch.alarms.find((alarm) => alarm.id === id)?.ended).toBeGreaterThan(0);
  });
});
