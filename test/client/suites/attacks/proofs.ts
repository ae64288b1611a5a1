import { describe, expect, it } from 'vitest';
import { fileJson } from '../../../../src/verify/index.ts';
import { ALL, provider, settled, theAlarm } from '../../support/attacked.ts';
import { User } from '../../support/user.ts';

describe('a proof', () => {
  const proofs = '/v2/proofs/';

  it('that is denied', async () => {
    const user = await User.of(provider, ALL);
    await user.ask();
    provider.cheats = [
      (passing) => {
        if (passing.path.startsWith(proofs)) Object.assign(passing, { status: 404, body: Buffer.from('{}') });
      },
    ];
    await settled(user);
    provider.clock.pass(30);
    await user.watch.step();
    provider.clock.pass(600 + 70);
    await user.watch.step();
    expect(theAlarm(user, 'proof-late').detail).toContain('404');
  });

  it('of another input', async () => {
    const first = await User.of(provider, ALL);
    const [id] = (await first.ask(0)).receiptIds;
    provider.clock.pass(30);
    await first.until(() => first.watch.status().models[0]!.proved === 1);
    const bundle = await fetch(`${provider.url}${proofs}${id}`).then((response) => response.arrayBuffer());
    const user = await User.of(provider, ALL);
    await user.ask(1);
    provider.cheats = [
      (passing) => {
        if (passing.path.startsWith(proofs))
          Object.assign(passing, { status: 200, body: Buffer.from(bundle) });
      },
    ];
    provider.clock.pass(30);
    await user.watch.step();
    expect(theAlarm(user, 'proof-of-another-input').detail).toContain(id);
  });

  it('that does not hold', async () => {
    const user = await User.of(provider, ALL);
    await user.ask(2);
    provider.cheats = [
      (passing) => {
        if (!passing.path.startsWith(proofs) || passing.status !== 200) return;
        const bundle = JSON.parse(passing.body.toString());
        bundle.proof.pi_c = bundle.proof.pi_a;
        passing.body = Buffer.from(fileJson(bundle));
      },
    ];
    provider.clock.pass(30);
    await user.until(() => user.kinds.length > 0);
    expect(theAlarm(user, 'proof-wrong').cause).toBe('QP7505');
  });
});
