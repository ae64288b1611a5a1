import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { ALARM_CODES, type Alarm, type AlarmKind } from '../../../src/client/index.ts';
import type { LogTrust } from '../../../src/verify/log/index.ts';
import { checkEvidence, parseEvidence } from '../../../src/verify/seal/index.ts';
import { iris } from '../../server/serve/support/iris.ts';
import { Provider } from './provider.ts';
import type { User } from './user.ts';

/*
 * What a provider that has all keys can do to a user, and what the user's watch says of it. The endpoint is real; what it
 * sends is changed on the way, or its executor is. All attacks have one provider, which cheats anew in each test.
 */
export let provider: Provider;
beforeAll(async () => {
  provider = await Provider.open(iris());
});
afterEach(() => {
  provider.cheats = [];
  vi.restoreAllMocks();
});
afterAll(async () => {
  await provider.close();
});

export const ALL = { policy: { ask: 1, askAfter: 1 } };
export const NONE = { policy: { ask: 0 } };

/** The only alarm, of this kind. */
export function theAlarm({ watch }: User, kind: AlarmKind): Alarm {
  expect(watch.alarms.map((alarm) => alarm.kind)).toEqual([kind]);
  const [alarm] = watch.alarms;
  expect(alarm!.code).toBe(ALARM_CODES[kind]);
  expect(alarm!.found).toBeGreaterThanOrEqual(alarm!.since);
  return alarm!;
}

/** Shows it to somebody who has the keys of the log alone, and of its witnesses. */
export function expectShown({ evidence }: Alarm, log: LogTrust = provider.log): void {
  checkEvidence(parseEvidence(evidence!), log, provider.clock.now() / 1000);
}

/** Until the log holds all answers. */
export const settled = (user: User) => user.until(() => user.watch.status().models[0]!.waitingForLog === 0);
