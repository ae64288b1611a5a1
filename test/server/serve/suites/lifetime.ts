import { spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { readLogEntry } from '@quietproof/verify/seal';
import { describe, expect } from 'vitest';
import { setUpArtifact } from '#dist/index.js';
import { iris } from '../support/iris.ts';
import { itAlone } from '../support/kind.ts';
import { ALL, bundleOf, entriesOf, Site, until } from '../support/open.ts';

describe('retention', () => {
  const policy = { prove: 'on-demand', within: 60, retention: 100 } as const;
  const models = () => [{ artifactDir: iris().artifactDir, policy }];

  itAlone('erases everything but the entries of the log, and says so', async () => {
    const site = await Site.make();
    let endpoint = await site.openLocal({ models: models() });
    const given = [await site.answer(endpoint, 0), await site.answer(endpoint, 1)];
    const [first, second] = given.map(({ receiptId }) => receiptId) as [string, string];
    await endpoint.ask(first);
    await bundleOf(endpoint, first);
    const openings = await Promise.all(given.map(({ receiptId }) => endpoint.opening(receiptId)));
    await endpoint.close();
    // What is sealed and not proved can be opened after a restart, until its retention ends.
    endpoint = await site.openLocal({ models: models() });
    expect(await endpoint.opening(second)).toEqual(openings[1]);
    expect(await endpoint.receipt(first)).toMatchObject({ state: 'proved' });
    // Nothing is to be done about them: they are found on disk.
    expect([...endpoint.answers()]).toEqual([]);
    const words = given.flatMap(({ receiptId, nonce, salt, statement }) => [
      receiptId,
      nonce,
      salt!,
      statement.payload,
    ]);
    const rows = openings.map((opening) => JSON.stringify(opening!.values));
    const onDisk = () => {
      const patterns = [...words, ...rows].flatMap((word) => ['-e', word]);
      return spawnSync('grep', ['-rlF', ...patterns, site.folder], { encoding: 'utf8' }).stdout;
    };
    expect(onDisk()).not.toBe('');
    await endpoint.close();
    site.ahead = 101_000;
    endpoint = await site.openLocal({ models: models() });
    for (const id of [first, second]) expect(await endpoint.receipt(id)).toEqual({ state: 'expired' });
    await until(() => site.events.find(({ kind }) => kind === 'erased'));
    await until(() => (onDisk() === '' ? true : undefined));
    for (const id of [first, second]) {
      expect(await endpoint.ask(id)).toEqual({ state: 'expired' });
      expect(await endpoint.opening(id)).toBeUndefined();
    }
    const third = await site.answer(endpoint, 2);
    expect(third.index).toBe(3);
    expect(await endpoint.ask(third.receiptId)).toMatchObject({ state: 'queued' });
    await bundleOf(endpoint, third.receiptId);
    await endpoint.close();
    endpoint = await site.openLocal({ models: models() });
    expect(await endpoint.receipt(first)).toEqual({ state: 'expired' });
    expect(await endpoint.receipt('f'.repeat(64))).toBeUndefined();
    await endpoint.close();
    expect(await entriesOf(site)).toHaveLength(4);
  });

  itAlone.each([
    { ...policy, within: 100 },
    { ...policy, retention: 0 },
    { ...policy, prove: 'sample' as const },
    { ...policy, sample: { share: '0.1', delay: 1 } },
    { ...policy, prove: 'sample' as const, sample: { share: '0.10', delay: 1 } },
    { ...policy, prove: 'sample' as const, sample: { share: '0.1', delay: 50 } },
  ])('is long enough for proofs, and policies are whole: not %o', async (bad) => {
    const site = await Site.make();
    const opening = site.open({ models: [{ artifactDir: iris().artifactDir, policy: bad }] });
    await expect(opening).rejects.toMatchObject({ code: 'QP6553' });
  });
});

describe('versions of a model', () => {
  itAlone(
    'answer side by side, are announced and retired in the log, and are proved after that',
    async () => {
      const other = path.join(iris().root, 'other');
      await cp(iris().artifactDir, other, { recursive: true });
      await setUpArtifact(other, { source: { kind: 'development' }, behaviour: { count: 1 }, force: true });
      const site = await Site.make();
      const first = { artifactDir: iris().artifactDir, policy: ALL };
      let endpoint = await site.open({ models: [first] });
      const [one] = endpoint.models;
      await expect(endpoint.add({ ...first, artifactDir: other })).rejects.toMatchObject({ code: 'QP6561' });
      const two = await endpoint.add({ ...first, artifactDir: other, version: '2' });
      expect(endpoint.models.map(({ version }) => version)).toEqual(['1', '2']);
      const answers = [await site.answer(endpoint, 0, one), await site.answer(endpoint, 0, two)];
      await endpoint.retire(one!.modelId);
      await expect(site.answer(endpoint, 0, one)).rejects.toMatchObject({ code: 'QP6559' });
      await expect(endpoint.retire(two.modelId)).rejects.toMatchObject({ code: 'QP6559' });
      await endpoint.close();
      endpoint = await site.open({ models: [{ ...first, artifactDir: other, version: '2' }] });
      for (const [i, { receiptId }] of answers.entries()) {
        const bundle = JSON.parse(await bundleOf(endpoint, receiptId));
        expect(bundle.model.ids.modelId).toBe([one, two][i]!.modelId);
      }
      await endpoint.close();
      // Back to the first: what answers no longer is retired by that.
      await (await site.open({ models: [first] })).close();
      const entries = (await entriesOf(site)).map((text) => readLogEntry(text));
      const models = entries.filter((entry) => entry.kind === 'model');
      expect(models.map(({ modelId, modelVersion, retires }) => [modelId, modelVersion, retires])).toEqual([
        [one!.modelId, '1', undefined],
        [two.modelId, '2', undefined],
        [two.modelId, '2', [one!.modelId]],
        [one!.modelId, '1', [two.modelId]],
      ]);
      expect(entries).toHaveLength(6);
    },
  );
});
