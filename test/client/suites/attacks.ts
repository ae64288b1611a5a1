import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ModelAnswerer } from '#dist/prove/model-answerer.js';
import { Announcements } from '#dist/server/serve/announcements.js';
import { ALARM_CODES, type Alarm, type AlarmKind, MemoryStore, Watch } from '../../../src/client/index.ts';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { signStatement } from '../../../src/sign/sign-statement.ts';
import type { SigningKey } from '../../../src/sign/signing-key.ts';
import { fileJson, keyIdOf, RELEASE_TYPE, TRUST_VERSION, timeOf } from '../../../src/verify/index.ts';
import { noteKeyText, readCheckpoint } from '../../../src/verify/log/index.ts';
import { checkEvidence, parseEvidence } from '../../../src/verify/seal/index.ts';
import { iris } from '../../server/serve/support/iris.ts';
import { TestBeacon } from '../../verify/seal/support/beacon.ts';
import { MixedModel } from '../../verify/support/mixed-model.ts';
import { otherHistory, resign, withReceipt } from '../support/cheats.ts';
import { Clock, ORIGIN, Provider } from '../support/provider.ts';
import { User } from '../support/user.ts';

/*
 * What a provider that has all keys can do to a user, and what the user's watch says of it. The endpoint is real; what it
 * sends is changed on the way, or its executor is.
 */
let provider: Provider;
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

const ALL = { policy: { ask: 1, askAfter: 1 } };
const NONE = { policy: { ask: 0 } };

/** The only alarm, of this kind. */
function theAlarm({ watch }: User, kind: AlarmKind): Alarm {
  expect(watch.alarms.map((alarm) => alarm.kind)).toEqual([kind]);
  const [alarm] = watch.alarms;
  expect(alarm!.code).toBe(ALARM_CODES[kind]);
  expect(alarm!.found).toBeGreaterThanOrEqual(alarm!.since);
  return alarm!;
}

/** Shows it to somebody who has the key of the log alone. */
function expectShown({ evidence }: Alarm): void {
  checkEvidence(parseEvidence(evidence!), provider.log, Date.now() / 1000);
}

/** Until the log holds all answers. */
const settled = (user: User) => user.until(() => user.watch.status().models[0]!.waitingForLog === 0);

describe('an honest endpoint', () => {
  it('is quiet for an hour', async () => {
    const quiet = await Provider.open(iris());
    const user = await User.of(quiet, { policy: { ask: ASKED, askAfter: 300 }, random: seeded() });
    let now = 0;
    for (let n = 0; n < ANSWERS; n += 1) {
      const { state } = await user.ask(n);
      expect(state).toBe('kept');
      const pause = 3600 / ANSWERS;
      // What is due in this time is done by real threads: the clock must not run away from them.
      if (Math.floor((now + pause) / 30) > Math.floor(now / 30)) await settled(user);
      quiet.clock.pass(pause);
      now += pause;
    }
    await settled(user);
    quiet.clock.pass(1800);
    await user.until(() => user.watch.status().models[0]!.waitingForProof === 0);
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
});

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

  it('promised to the log only for some day', async () => {
    provider.cheats = [
      resign(provider.key, (promised) => ({ ...promised, includeBy: promised.includeBy + 1e6 })),
    ];
    const user = await User.of(provider, NONE);
    await user.ask();
    expect(theAlarm(user, 'wrong-promise').cause).toBe('QP7746');
  });
});

describe('a model', () => {
  const other = { record: fileJson(new MixedModel().record) };

  it('that the user does not rely on, announced in the log', async () => {
    const user = await User.of(provider, { ...NONE, models: [other] });
    await user.ask();
    expect(theAlarm(user, 'other-model').words).toContain(provider.modelId);
    await user.until(() => user.watch.status().log!.size > 1);
    await user.watch.step();
    expect(user.kinds).toEqual(['other-model']);
  });

  it('that the log never announced', async () => {
    const announce = Announcements.prototype.announce;
    vi.spyOn(Announcements.prototype, 'announce').mockImplementation(async function (
      this: Announcements,
      writer,
      model,
      retires,
    ) {
      await announce.call(this, writer, { ...model, modelId: 'f'.repeat(64) }, retires);
      const [announced] = [...this.all()];
      this.replay({
        kind: 'announced',
        modelId: model.modelId,
        index: 0,
        time: announced!.since,
        artifactDir: model.artifactDir,
        entry: JSON.stringify({
          kind: 'model',
          modelId: model.modelId,
          modelVersion: model.version,
          name: model.name,
          policy: { prove: 'on-demand', retention: 86400, within: 600 },
          time: announced!.since,
          version: 'quietproof/log-entry/v1',
        }),
      });
    });
    const hiding = await Provider.open(iris());
    const user = await User.of(hiding, { ...NONE, models: [other] });
    await user.ask();
    await user.until(() => user.kinds.length === 2);
    expect(user.kinds).toEqual(['other-model', 'unannounced-version']);
    await hiding.close();
  });

  it('whose change is announced is a notice, and no alarm', async () => {
    const early = await Provider.open(iris());
    const user = await User.of(early, { ...NONE, models: [other], now: () => early.clock.now() - 30_000 });
    await user.until(() => user.watch.status().notices.length > 1);
    const notices = user.watch.status().notices.map(({ kind }) => kind);
    expect(notices).toContain('announced-version');
    expect(user.watch.alarms).toEqual([]);
    await early.close();
  });

  it('swapped silently under the old id: it has no proof by its deadline', async () => {
    const answer = ModelAnswerer.prototype.answer;
    vi.spyOn(ModelAnswerer.prototype, 'answer').mockImplementation(function (this: ModelAnswerer, row) {
      const honest = answer.call(this, row);
      return { ...honest, signals: honest.signals.map((label) => (label + 1n) % 3n) };
    });
    const user = await User.of(provider, ALL);
    // It looks like any other.
    expect((await user.ask()).state).toBe('kept');
    provider.clock.pass(30);
    await user.until(() => user.watch.status().models[0]!.waitingForLog === 0);
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(600 + 61);
    await user.until(() => user.kinds.length > 0);
    const alarm = theAlarm(user, 'proof-late');
    expect(alarm.words).toContain('another model under this id');
    expect(alarm.found - alarm.since).toBeGreaterThan(60);
    expect(alarm.found - alarm.since).toBeLessThan(120);
  });
});

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

describe('a log', () => {
  /** Answers requests for the checkpoint. */
  const showing =
    (checkpoint: (real: string) => string) => (passing: { path: string; status: number; body: Buffer }) => {
      if (passing.path === '/log/checkpoint')
        Object.assign(passing, { status: 200, body: Buffer.from(checkpoint(passing.body.toString())) });
    };

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

  it('that another key signs', async () => {
    const user = await User.of(provider, NONE);
    await user.watch.step();
    const other = generateKeyPairSync('ed25519').privateKey;
    provider.cheats = [showing(() => otherHistory(other, user.watch.checkpoint!))];
    await user.watch.step();
    expect(theAlarm(user, 'key-retired').cause).toBe('QP7706');
  });

  it('whose witnesses have not seen it', async () => {
    const witness = generateKeyPairSync('ed25519').privateKey;
    const { key } = noteSigner('witness.example', 'cosignature', witness);
    const witnesses = { least: 1, of: [{ name: 'a witness', keys: [{ key }] }] };
    const user = await User.of(provider, { ...NONE, log: { ...provider.log, witnesses } });
    await user.watch.step();
    expect(user.kinds).toEqual([]);
    provider.clock.pass(3601);
    await user.watch.step();
    const { id } = theAlarm(user, 'unwitnessed');
    const cosign = (text: string) =>
      text +
      noteSigner('witness.example', 'cosignature', witness).signatureLine(
        readCheckpoint(text).note.text,
        Math.floor(provider.clock.now() / 1000),
      );
    const shownNow = user.watch.checkpoint!;
    provider.cheats = [showing(() => cosign(shownNow))];
    await user.watch.step();
    expect(user.watch.alarms.find((alarm) => alarm.id === id)?.ended).toBeGreaterThan(0);
  });

  it.each([
    { clock: 'stays behind', late: 3 * 3600, early: 0, saw: 'had seen the log without it' },
    { clock: 'is ahead', late: 0, early: 2 * 3600, saw: 'had seen it at' },
  ])('whose clock $clock, as the times of witnesses show', async ({ late, early, saw }) => {
    const signer = noteSigner('witness.example', 'cosignature', generateKeyPairSync('ed25519').privateKey);
    const witnesses = { least: 1, of: [{ name: 'a witness', keys: [{ key: signer.key }] }] };
    const own = await Provider.open(provider.artifact, { clock: new Clock() });
    // That of the user and of the witness.
    const right = new Clock();
    const user = await User.of(own, { ...NONE, now: right.now, log: { ...own.log, witnesses } });
    own.cheats = [
      showing(
        (text) => text + signer.signatureLine(readCheckpoint(text).note.text, Math.floor(right.now() / 1000)),
      ),
    ];
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

  it('and it is not proved', async () => {
    const source = { chain: beacon.chain, round: async (number: number) => beacon.checked(number) };
    const sample = { share: '0.000001', delay: 1, beacon: beacon.chain.hash };
    // The provider draws a smaller share than it has agreed to.
    const sampling = await Provider.open(iris(), {
      policy: { prove: 'sample', sample, within: 60 },
      beacons: [source],
    });
    const user = await User.of(sampling, {
      policy: { ask: 0, draws },
      fetch: (...words) => (String(words[0]).includes('/public/') ? rounds(...words) : fetch(...words)),
    });
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
