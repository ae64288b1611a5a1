import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { noteSigner } from '../../../../src/log/note-signer.ts';
import { signStatement } from '../../../../src/sign/sign-statement.ts';
import type { SigningKey } from '../../../../src/sign/signing-key.ts';
import { keyIdOf, RELEASE_TYPE, TRUST_VERSION, timeOf } from '../../../../src/verify/index.ts';
import { noteKeyText } from '../../../../src/verify/log/index.ts';
import { NONE, provider, settled, theAlarm } from '../../support/attacked.ts';
import { ORIGIN } from '../../support/provider.ts';
import { User } from '../../support/user.ts';

describe('those whom the user trusts', () => {
  const signing = (): SigningKey => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    return { private: privateKey, id: keyIdOf(spki), public: spki.toString('base64') };
  };
  const bank = signing();
  const time = (ahead: number) => timeOf(new Date(provider.clock.now() + ahead * 1000));
  const release = (more: { readonly retires?: readonly string[] } = {}, of = provider.modelId) => ({
    name: 'release.json',
    content: signStatement(
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: 'model', digest: { sha256: of } }],
        predicateType: RELEASE_TYPE,
        predicate: { from: time(-120), signer: bank.id, date: time(-60), ...more },
      },
      bank,
    ),
  });
  const trusting = (state: object = { state: 'active' }, logKey = noteKeyText(provider.log.keys[0]!)) =>
    JSON.stringify({
      version: TRUST_VERSION,
      parties: { Bank: { role: 'producer', keys: [{ key: bank.public, ...state }] } },
      rules: [{ what: 'release', least: 1, by: ['Bank'] }],
      logs: [{ origin: ORIGIN, operator: 'Bank', keys: [logKey] }],
    });

  it('retire the key that released the model', async () => {
    let file = trusting();
    const user = await User.of(provider, { ...NONE, trust: () => ({ file, statements: [release()] }) });
    await user.ask();
    await settled(user);
    expect(user.kinds).toEqual([]);
    expect(user.watch.status().log!.from).toBe('trust');
    file = trusting({ state: 'retired', since: time(-90) });
    await user.watch.step();
    expect(theAlarm(user, 'key-retired').cause).toBe('QP7220');
    file = trusting();
    await user.watch.step();
    expect(user.watch.alarms[0]!.ended).toBeGreaterThan(0);
  });

  it('retire the model, or say nothing of it', async () => {
    const statements = [release()];
    const user = await User.of(provider, { ...NONE, trust: () => ({ file: trusting(), statements }) });
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    statements.push(release({ retires: [provider.modelId] }, 'ab'.repeat(32)));
    await user.watch.step();
    expect(theAlarm(user, 'trust-gone').cause).toBe('QP7225');
    const silent = await User.of(provider, { ...NONE, trust: () => ({ file: trusting() }) });
    await silent.watch.step();
    expect(theAlarm(silent, 'trust-gone').cause).toBe('QP7224');
  });

  it('name another key of the log, or another log, or cannot be read', async () => {
    const other = noteKeyText(noteSigner(ORIGIN, 'note', generateKeyPairSync('ed25519').privateKey).key);
    let file = trusting();
    const user = await User.of(provider, { ...NONE, trust: () => ({ file, statements: [release()] }) });
    await user.watch.step();
    file = trusting(undefined, other);
    await user.watch.step();
    expect(theAlarm(user, 'key-retired').cause).toBe('QP7706');
    const second = await User.of(provider, { ...NONE, trust: () => ({ file, statements: [release()] }) });
    const another = 'log.example/another';
    const { key } = noteSigner(another, 'note', generateKeyPairSync('ed25519').privateKey);
    file = trusting(undefined, noteKeyText(key)).replaceAll(`"${ORIGIN}"`, `"${another}"`);
    await second.watch.step();
    expect(theAlarm(second, 'trust-gone').cause).toBe('QP7711');
    const third = await User.of(provider, { ...NONE, trust: () => ({ file: '{}' }) });
    await third.watch.step();
    expect(theAlarm(third, 'trust-gone').detail).toContain('trust file');
  });
});
