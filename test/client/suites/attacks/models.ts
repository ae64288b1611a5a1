import { describe, expect, it, vi } from 'vitest';
import { ModelAnswerer } from '#dist/prove/model-answerer.js';
import { Announcements } from '#dist/server/serve/announcements.js';
import { fileJson } from '../../../../src/verify/index.ts';
import { iris } from '../../../server/serve/support/iris.ts';
import { MixedModel } from '../../../verify/support/mixed-model.ts';
import { ALL, NONE, provider, theAlarm } from '../../support/attacked.ts';
import { Provider } from '../../support/provider.ts';
import { User } from '../../support/user.ts';

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
