import { describe, expect, it } from 'vitest';
import { iris } from '../../../server/serve/support/iris.ts';
import { TestBeacon } from '../../../verify/seal/support/beacon.ts';
import { provider, settled, theAlarm } from '../../support/attacked.ts';
import { Provider } from '../../support/provider.ts';
import { User } from '../../support/user.ts';

describe('a beacon draws an answer', () => {
  const beacon = new TestBeacon({ genesis: Math.floor(Date.now() / 1000) - 1000, period: 1 });
  const rounds: typeof fetch = async (input) => {
    const round = /\/public\/(\d+)$/.exec(String(input))?.[1];
    return round === undefined ? fetch(input) : new Response(JSON.stringify(beacon.round(Number(round))));
  };
  const draws = { chain: beacon.chain, share: '1', delay: 1, within: 60, url: 'http://beacon.example' };

  it('that names no round of it', async () => {
    const user = await User.of(provider, { policy: { ask: 0, draws }, fetch: rounds });
    await user.ask();
    await user.watch.step();
    expect(theAlarm(user, 'draw-missing').cause).toBe('QP7752');
  });

  it('by a round that is too early, and one that is not proved', async () => {
    const source = { chain: beacon.chain, round: async (number: number) => beacon.checked(number) };
    const sample = { share: '0.000001', delay: 1, beacon: beacon.chain.hash };
    // The provider draws a smaller share than it has agreed to.
    const sampling = await Provider.open(iris(), {
      policy: { prove: 'sample', sample, within: 60 },
      beacons: [source],
    });
    const beaconOrLog: typeof fetch = (...words) =>
      String(words[0]).includes('/public/') ? rounds(...words) : fetch(...words);
    // Whoever has agreed to a longer delay sees a round that may be out already.
    const strict = await User.of(sampling, {
      policy: { ask: 0, draws: { ...draws, delay: 20 } },
      fetch: beaconOrLog,
    });
    await strict.ask();
    await strict.watch.step();
    expect(theAlarm(strict, 'draw-missing').cause).toBe('QP7753');
    const user = await User.of(sampling, { policy: { ask: 0, draws }, fetch: beaconOrLog });
    await user.ask();
    await settled(user);
    sampling.clock.pass(10);
    await user.until(() => user.watch.status().models[0]!.waitingForProof === 1);
    sampling.clock.pass(60 + 61);
    await user.until(() => user.kinds.length > 0);
    expect(theAlarm(user, 'draw-missing').words).toContain('drawn');
    await sampling.close();
  });
});
