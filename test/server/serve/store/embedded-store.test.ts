import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredRecord } from '../../../../src/server/serve/store/answer-store.ts';
import { EmbeddedStore } from '../../../../src/server/serve/store/embedded-store.ts';
import { announced, asked, MODEL, OTHER, sealed } from '../support/records.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const RETENTION = 800;
const open = (covered = 0, from = folder) =>
  EmbeddedStore.open(from, { covered, retention: () => RETENTION });

async function recordsOf(store: EmbeddedStore): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  await store.replay((record) => all.push(record));
  return all;
}

/** Opens, writes groups, closes. */
async function write(...groups: (readonly StoredRecord[])[]): Promise<void> {
  const store = await open();
  for (const group of groups) await store.append(group);
  await store.close();
}

const segmentOf = async (modelId = MODEL, n = -1) => {
  const names = (await readdir(path.join(folder, modelId))).sort();
  return path.join(folder, modelId, names.at(n)!);
};

describe('EmbeddedStore', () => {
  it('has every record again, in order, and reads each by its index', async () => {
    await write([announced(0), sealed(1), sealed(2, { modelId: OTHER })], [asked(1), sealed(3)]);
    const store = await open(4);
    expect(store.next).toBe(4);
    const found = await recordsOf(store);
    expect(found.filter((one) => 'modelId' in one && one.modelId === MODEL)).toEqual(
      expect.arrayContaining([announced(0), sealed(1), asked(1), sealed(3)]),
    );
    expect(found).toHaveLength(5);
    expect(await store.read(2)).toEqual(sealed(2, { modelId: OTHER }));
    expect(await store.read(0)).toBeUndefined();
    expect(await store.read(9)).toBeUndefined();
    expect(await store.find(sealed(2).receiptId)).toEqual(sealed(2, { modelId: OTHER }));
    expect(await store.find(sealed(9).receiptId)).toBeUndefined();
    await store.close();
  });

  it('syncs once per group and model, however many answers there are', async () => {
    const store = await open();
    await store.append(Array.from({ length: 500 }, (_, i) => sealed(i)));
    await store.append([sealed(500), sealed(501, { modelId: OTHER })]);
    expect(store.syncs).toBe(3);
    await store.close();
  });

  it('is readable by its owner only', async () => {
    await write([sealed(0)]);
    expect((await stat(await segmentOf())).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(folder, MODEL))).mode & 0o777).toBe(0o700);
  });

  it('keeps all of a group or cuts it, wherever its last line is torn', async () => {
    await write([sealed(0)], [sealed(1), asked(0), sealed(2)]);
    const file = await segmentOf();
    const content = await readFile(file);
    const first = content.indexOf('\n', content.indexOf('\n') + 1) + 1;
    for (let size = content.length - 1; size >= first; size -= 97) {
      await writeFile(file, content.subarray(0, size));
      const store = await open(1);
      const found = await recordsOf(store);
      expect(found).toEqual([sealed(0), sealed(1), asked(0), sealed(2)].slice(0, found.length));
      expect(found.length).toBeGreaterThan(0);
      const { next } = store;
      await store.append([sealed(next, { salt: 'again' })]);
      await store.close();
      const again = await open(1);
      expect(await again.read(next)).toEqual(sealed(next, { salt: 'again' }));
      expect(await recordsOf(again)).toHaveLength(found.length + 1);
      await again.close();
    }
  });

  it('cuts zeros and other lines that a power failure left of the last group', async () => {
    await write([sealed(0)], [sealed(1), sealed(2)]);
    const file = await segmentOf();
    const content = await readFile(file);
    const at = content.indexOf('entry 1');
    content.fill(0, at, at + 20);
    await writeFile(file, content);
    const store = await open(1);
    expect(store.next).toBe(1);
    expect(await recordsOf(store)).toEqual([sealed(0)]);
    await store.close();
    await appendFile(file, Buffer.alloc(4096));
    const again = await open(1);
    expect(again.next).toBe(1);
    await again.close();
  });

  it('refuses damage to what was durable before something else', async () => {
    await write([sealed(0)], [sealed(1)], [sealed(2)]);
    const file = await segmentOf();
    const content = await readFile(file);
    content.write('X', content.indexOf('entry 1'));
    await writeFile(file, content);
    await expect(open()).rejects.toMatchObject({ code: 'QP6554', where: file });
  });

  it('refuses a segment without header, and one that is missing', async () => {
    await write([sealed(0)], [sealed(1, { time: 1_800_001_000 })], [sealed(2, { time: 1_800_002_000 })]);
    const middle = await segmentOf(MODEL, 1);
    const content = await readFile(middle);
    await rm(middle);
    await expect(open()).rejects.toMatchObject({ code: 'QP6554' });
    await writeFile(middle, content.subarray(10));
    await expect(open()).rejects.toMatchObject({ code: 'QP6554' });
    await writeFile(middle, content.subarray(0, -1));
    await expect(open()).rejects.toMatchObject({ code: 'QP6554' });
    await writeFile(middle, content);
    await (await open()).close();
  });

  it('cuts a group of which one model has its part and another has not', async () => {
    await write(
      [sealed(0), sealed(1, { modelId: OTHER })],
      [sealed(2), sealed(3, { modelId: OTHER }), sealed(4)],
    );
    const file = await segmentOf(OTHER);
    const content = await readFile(file);
    await truncate(file, content.indexOf('\n', content.indexOf('entry 1')) + 1);
    const copy = `${folder}-copy`;
    await cp(folder, copy, { recursive: true });
    // The log covers what is missing, so it was durable.
    await expect(open(4, copy)).rejects.toMatchObject({ code: 'QP6554' });
    await rm(copy, { recursive: true });
    const store = await open(2);
    expect(store.next).toBe(3);
    expect((await recordsOf(store)).map((record) => 'index' in record && record.index).sort()).toEqual([
      0, 1, 2,
    ]);
    await store.append([sealed(3)]);
    await store.close();
    // An entry that is missing although a later group was begun is damage.
    await truncate(file, content.indexOf('\n') + 1);
    await expect(open(0)).rejects.toMatchObject({ code: 'QP6554' });
  });

  it('refuses a log that has more entries, as after a restored backup', async () => {
    await write([sealed(0)]);
    await expect(open(2)).rejects.toMatchObject({ code: 'QP6555' });
    await expect(open(2, path.join(folder, 'new'))).rejects.toMatchObject({ code: 'QP6555' });
  });
});

describe('erasing', () => {
  const T = 1_800_000_000;
  const time = (second: number) => ({ time: T + second });
  const none = async () => {};

  it('deletes the files of old answers, and nothing that is younger or that the log does not cover', async () => {
    const store = await open();
    for (let i = 0; i < 20; i += 1) await store.append([sealed(i, time(i * 40))]);
    const told: number[] = [];
    const erase = (before: number, covered: number) =>
      store.erase({ modelId: MODEL, before: T + before, covered }, async (answers) => {
        told.push(...answers.map(({ index }) => index));
      });
    await erase(400, 5);
    expect(told).toEqual([0, 1, 2]);
    await erase(400, 20);
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await store.read(8)).toBeUndefined();
    expect(await store.read(9)).toMatchObject({ index: 9 });
    expect(await store.find(sealed(8).receiptId)).toBe('erased');
    expect(await store.find(sealed(9).receiptId)).toMatchObject({ index: 9 });
    await store.close();
    const again = await open(20);
    expect(again.next).toBe(20);
    expect(await recordsOf(again)).toHaveLength(11);
    expect(await again.find(sealed(0).receiptId)).toBe('erased');
    await again.close();
    const { stdout } = spawnSync('grep', ['-rlE', 'entry [0-8]"', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('of everything leaves the number of entries and the last time', async () => {
    const store = await open();
    await store.append([sealed(0), sealed(1, time(5))]);
    await store.erase({ modelId: MODEL, before: T + 10_000, covered: 2 }, none);
    await store.close();
    const again = await open(2);
    expect(again).toMatchObject({ next: 2, lastTime: T + 5 });
    expect(await recordsOf(again)).toEqual([]);
    await again.append([sealed(2, time(20_000))]);
    await again.close();
    const last = await open(3);
    expect(last.next).toBe(3);
    await last.close();
  });

  it('begins again where it was interrupted before the files were deleted', async () => {
    const store = await open();
    await store.append([sealed(0)]);
    const crash = async () => {
      throw new Error('crash');
    };
    const period = { modelId: MODEL, before: T + 10_000, covered: 1 };
    await expect(store.erase(period, crash)).rejects.toThrow('crash');
    expect(await store.read(0)).toEqual(sealed(0));
    await store.erase(period, none);
    expect(await store.find(sealed(0).receiptId)).toBe('erased');
    await store.close();
  });
});
