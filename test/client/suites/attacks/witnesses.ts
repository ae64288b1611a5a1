import { describe, expect, it } from 'vitest';
import { expectShown, NONE, provider, settled, theAlarm } from '../../support/attacked.ts';
import { showing } from '../../support/cheats.ts';
import { Clock, Provider } from '../../support/provider.ts';
import { User } from '../../support/user.ts';
import { TestWitness } from '../../support/written-log.ts';

const HOUR = 3600;

/** A user of the provider that all attacks have, and what he asks of its log. */
async function relyingOn(witness: TestWitness) {
  const log = { ...provider.log, witnesses: witness.quorum };
  return { log, user: await User.of(provider, { ...NONE, log }) };
}

describe('a log with witnesses', () => {
  it('who have not seen it', async () => {
    const witness = new TestWitness(provider.clock.now);
    const { user } = await relyingOn(witness);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(HOUR + 1);
    await user.watch.step();
    const { id } = theAlarm(user, 'unwitnessed');
    const shownNow = user.watch.checkpoint!;
    provider.cheats = [showing(() => witness.cosign(shownNow))];
    await user.watch.step();
    expect(user.watch.alarms.find((alarm) => alarm.id === id)?.ended).toBeGreaterThan(0);
  });

  it('that shrank, shown to anybody as soon as they have signed the smaller one for long enough', async () => {
    const witness = new TestWitness(provider.clock.now);
    const { log, user } = await relyingOn(witness);
    await user.watch.step();
    const old = user.watch.checkpoint!;
    await user.ask();
    await settled(user);
    // That they had seen the larger one stays known when it is shown without them.
    const large = user.watch.checkpoint!;
    for (const seen of [witness.cosign(large), large]) {
      provider.cheats = [showing(() => seen)];
      await user.watch.step();
    }
    provider.cheats = [showing(() => witness.cosign(old))];
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(301);
    await user.watch.step();
    expect(theAlarm(user, 'log-shrank').evidence).toBeUndefined();
    provider.clock.pass(HOUR);
    await user.watch.step();
    expectShown(theAlarm(user, 'log-shrank'), log);
    expect(() => expectShown(theAlarm(user, 'log-shrank'))).toThrow();
    const again = await User.of(provider, { ...NONE, log, store: user.store });
    expectShown(theAlarm(again, 'log-shrank'), log);
  });

  it('that does not hold what it promised, shown when they have seen it without that for long enough', async () => {
    const witness = new TestWitness(provider.clock.now);
    const { log, user } = await relyingOn(witness);
    await user.watch.step();
    const old = user.watch.checkpoint!;
    await user.ask();
    provider.cheats = [showing(() => witness.cosign(old))];
    provider.clock.pass(60 + 61);
    await user.watch.step();
    expect(theAlarm(user, 'broken-promise').evidence).toBeUndefined();
    provider.clock.pass(HOUR);
    await user.watch.step();
    expectShown(theAlarm(user, 'broken-promise'), log);
  });

  it.each([
    { clock: 'stays behind', late: 3 * HOUR, early: 0, saw: 'had seen the log without it' },
    { clock: 'is ahead', late: 0, early: 2 * HOUR, saw: 'had seen it at' },
  ])('whose clock $clock, as their times show', async ({ late, early, saw }) => {
    const own = await Provider.open(provider.artifact, { clock: new Clock() });
    // That of the user and of the witness.
    const right = new Clock();
    const witness = new TestWitness(right.now);
    const log = { ...own.log, witnesses: witness.quorum };
    const user = await User.of(own, { ...NONE, now: right.now, log });
    own.cheats = [showing(witness.cosign)];
    await user.until(() => user.watch.status().log!.size > 0);
    right.pass(late);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    own.clock.pass(early);
    // Somebody else, who keeps no promise.
    await (await User.of(own, NONE)).ask();
    await user.until(() => user.watch.status().log!.size > 1);
    expect(user.kinds).toEqual(['clock-back']);
    expect(user.watch.alarms[0]!.detail).toContain(saw);
    await own.close();
  });
});
