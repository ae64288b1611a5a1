import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectShown, NONE, provider, theAlarm } from '../../support/attacked.ts';
import { resign, withReceipt } from '../../support/cheats.ts';
import { User } from '../../support/user.ts';

describe('an answer', () => {
  it('of which nothing is promised', async () => {
    provider.cheats = [withReceipt((json) => delete json.parameters)];
    const user = await User.of(provider, NONE);
    expect((await user.ask()).state).toBe('alarm');
    expect(theAlarm(user, 'no-promise').words).toContain('without a promise');
    await user.ask();
    expect(user.watch.alarms).toHaveLength(1);
  });

  it('whose promise no key of the log has signed', async () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    provider.cheats = [resign(other, (promised) => promised)];
    const user = await User.of(provider, NONE);
    await user.ask();
    expect(theAlarm(user, 'wrong-promise').cause).toBe('QP7743');
  });

  it('that was changed after it was sealed', async () => {
    provider.cheats = [
      withReceipt((json) => {
        json.outputs[0].data = json.outputs[0].data.map((label: number) => (label + 1) % 3);
      }),
    ];
    const user = await User.of(provider, NONE);
    await user.ask();
    expect(theAlarm(user, 'wrong-answer').detail).toContain('output');
  });

  it('that was changed together with its receipt', async () => {
    provider.cheats = [
      withReceipt((json, [receipt]) => {
        json.outputs[0].data = json.outputs[0].data.map((label: number) => (label + 1) % 3);
        receipt.outputs = [String(json.outputs[0].data[0])];
      }),
    ];
    const user = await User.of(provider, NONE);
    await user.ask();
    expect(theAlarm(user, 'wrong-answer').cause).toBe('QP7203');
  });

  it('that was sealed for another input, or another context', async () => {
    const user = await User.of(provider, NONE);
    await user.ask(0, { sent: 1 });
    expect(theAlarm(user, 'wrong-answer').cause).toBe('QP7203');
    const second = await User.of(provider, NONE);
    await second.ask(0, { sentContext: 'order 8' });
    expect(theAlarm(second, 'wrong-answer').cause).toBe('QP7203');
  });

  it('with a receipt that came before', async () => {
    const user = await User.of(provider, NONE);
    let first: Buffer | undefined;
    provider.cheats = [
      (passing) => {
        if (passing.method !== 'POST') return;
        first ??= passing.body;
        passing.body = first;
      },
    ];
    expect((await user.ask()).state).toBe('kept');
    expect((await user.ask()).state).toBe('alarm');
    expect(theAlarm(user, 'replayed-receipt').detail).toContain('came before');
  });

  it('dated by a clock that was set back', async () => {
    provider.cheats = [
      resign(provider.key, (promised, entry) => {
        return { ...promised, entry: entry({ time: -3600 }), includeBy: promised.includeBy - 3600 };
      }),
    ];
    const user = await User.of(provider, NONE);
    await user.ask();
    expect(theAlarm(user, 'clock-back')).toMatchObject({ cause: 'QP7746' });
  });

  it('dated before one that stands before it, which anybody can check', async () => {
    const user = await User.of(provider, NONE);
    await user.ask();
    provider.cheats = [
      resign(provider.key, (promised, entry) => ({ ...promised, entry: entry({ time: -30 }) })),
    ];
    await user.ask();
    const alarm = theAlarm(user, 'clock-back');
    expect(alarm.cause).toBe('QP7755');
    expectShown(alarm);
  });

  it('whose receipt has the name or the place of another one', async () => {
    const user = await User.of(provider, NONE);
    for (const other of [{ receiptId: 'ab'.repeat(32) }, { index: 0 }]) {
      provider.cheats = [withReceipt((_, [receipt]) => Object.assign(receipt, other))];
      expect((await user.ask()).alarms).toMatchObject([{ kind: 'wrong-promise' }]);
    }
  });

  it('promised to the log only for some day', async () => {
    provider.cheats = [
      resign(provider.key, (promised) => ({ ...promised, includeBy: promised.includeBy + 1e6 })),
    ];
    const user = await User.of(provider, NONE);
    await user.ask();
    expect(theAlarm(user, 'wrong-promise').cause).toBe('QP7746');
  });
});
