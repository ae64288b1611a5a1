import { createHash } from 'node:crypto';
import { cp, mkdtemp, open as openFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TAGS } from '@quietproof/verify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RevealedMark, StoredRecord } from '../../../../src/server/serve/store/answer-store.ts';
import {
  EmbeddedStore,
  type EmbeddedStoreOptions,
} from '../../../../src/server/serve/store/embedded-store.ts';
import { SortedRuns } from '../../../../src/server/serve/store/sorted-runs.ts';
import { asked, MODEL, OTHER, sealed } from '../support/records.ts';

let folder: string;
/** Filled once. */
let filled: string;
beforeAll(async () => {
  filled = await mkdtemp(path.join(os.tmpdir(), 'filled-'));
  await write(filled);
});
afterAll(() => rm(filled, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bounded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const T = 1_800_000_000;
/** A file holds what was written in 100 seconds. */
const RETENTION = 800;
const ANSWERS = 40;
const open = (options: Partial<EmbeddedStoreOptions> = {}) =>
  EmbeddedStore.open(folder, { covered: ANSWERS, retention: () => RETENTION, ...options });

const answer = (i: number) => sealed(i, { time: T + i * 50, modelId: i % 4 === 3 ? OTHER : MODEL });
const revealed = (i: number, drawn: boolean): RevealedMark => {
  return { kind: 'revealed', modelId: answer(i).modelId, answer: i, drawn, time: T + i * 50 };
};

/** 40 answers of two models, 24 files. Of some it was asked, or randomness came. */
async function write(to: string): Promise<void> {
  const store = await EmbeddedStore.open(to, { covered: 0, retention: () => RETENTION });
  for (let i = 0; i < ANSWERS; i += 1) {
    await store.append([answer(i), ...(i % 5 === 0 ? [asked(i)] : [])]);
    if (i % 7 === 0) await store.append([revealed(i, i % 2 === 0)]);
  }
  await store.close();
}

const fill = () => cp(filled, folder, { recursive: true });

async function replayed(store: EmbeddedStore): Promise<{ record: StoredRecord; position: number }[]> {
  const all: { record: StoredRecord; position: number }[] = [];
  await store.replay((record, position) => all.push({ record, position }));
  return all;
}

const runs = async () => (await readdir(path.join(folder, 'index'))).sort();

/** The leaves of the log, as far as it has them. */
async function* leavesOf(from: number) {
  for (let index = from; index < ANSWERS; index += 1) {
    const id = Buffer.from(answer(index).receiptId, 'hex');
    yield { index, leaf: createHash('sha256').update(TAGS.leafV2).update(id).digest('hex') };
  }
}

async function expectAll(store: EmbeddedStore, erased = 0): Promise<void> {
  for (let i = 0; i < ANSWERS; i += 1) {
    const own = answer(i);
    expect(await store.find(own.receiptId)).toEqual(i < erased ? 'erased' : own);
    expect(await store.read(i)).toEqual(i < erased ? undefined : own);
    const said = i % 7 === 0 ? i % 2 === 0 : undefined;
    if (i >= erased) expect(await store.revealed(i)).toBe(said);
  }
  expect(await store.find('f'.repeat(64))).toBeUndefined();
}

describe('a store of many answers', () => {
  it('reads only the last file of each model when it is opened, and finds everything', async () => {
    await fill();
    const store = await open();
    const { segments, placed, rows, runs: files } = store.size;
    expect(segments).toBe(20);
    expect(store.filesRead).toBe(2);
    expect(placed).toBeLessThanOrEqual(4);
    expect(rows).toBeLessThanOrEqual(6);
    expect(files).toBeLessThanOrEqual(13);
    await expectAll(store);
    await store.close();
    const again = await open();
    await Promise.all([again.settle(MODEL, ANSWERS), again.settle(OTHER, ANSWERS)]);
    await replayed(again);
    expect(again.filesRead).toBe(2);
    await again.close();
  });

  it('replays from what is settled, whatever a crash loses of that', async () => {
    await fill();
    const store = await open();
    const all = await replayed(store);
    expect(all).toHaveLength(ANSWERS + 8 + 6);
    const from = await Promise.all([store.settle(MODEL, 30), store.settle(OTHER, ANSWERS)]);
    expect(Math.min(...from)).toBeGreaterThan(24);
    // Never backwards.
    expect(await store.settle(MODEL, 3)).toBe(from[0]);
    await store.close();
    const again = await open();
    const later = await replayed(again);
    expect(later.length).toBeLessThan(20);
    const needed = all.filter(({ record, position }) => record.modelId === MODEL && position >= 30);
    for (const one of needed) expect(later).toContainEqual(one);
    await again.close();
    await writeFile(path.join(folder, MODEL, 'settled'), 'torn');
    const torn = await open();
    expect((await replayed(torn)).filter(({ record }) => record.modelId === MODEL)).toHaveLength(
      all.filter(({ record }) => record.modelId === MODEL).length,
    );
    await torn.close();
  });

  it('replays what the log does not cover, settled or not', async () => {
    await fill();
    const store = await open();
    await Promise.all([store.settle(MODEL, ANSWERS), store.settle(OTHER, ANSWERS)]);
    await store.close();
    const behind = await open({ covered: 10 });
    const indices = (await replayed(behind)).flatMap(({ record }) =>
      record.kind === 'sealed' ? [record.index] : [],
    );
    for (let i = 10; i < ANSWERS; i += 1) expect(indices).toContain(i);
    await behind.close();
  });

  it('finds an answer among many in a closed file, between marks, and damage when it meets it', async () => {
    const store = await open({ covered: 0 });
    const salt = 'x'.repeat(200);
    for (let i = 0; i < 600; i += 100) {
      const group = Array.from({ length: 100 }, (_, k) => [sealed(i + k, { salt }), asked(i), asked(i)]);
      await store.append(group.flat());
    }
    // Begins another file.
    await store.append([sealed(600, { time: T + 500 })]);
    for (let i = 0; i <= 600; i += 10) expect(await store.read(i)).toMatchObject({ index: i });
    expect(await store.read(601)).toBeUndefined();
    await store.close();
    const [first] = (await readdir(path.join(folder, MODEL))).sort();
    const file = path.join(folder, MODEL, first!);
    const content = await readFile(file);
    content.write('X', content.indexOf('entry 300'));
    await writeFile(file, content);
    const damaged = await open({ covered: 0 });
    await expect(damaged.read(300)).rejects.toMatchObject({ code: 'QP6554', where: file });
    expect(await damaged.read(100)).toMatchObject({ index: 100 });
    await damaged.close();
  });

  it('refuses a closed file that is longer or shorter than it was', async () => {
    await fill();
    const [, second] = (await readdir(path.join(folder, MODEL))).sort();
    await writeFile(path.join(folder, MODEL, second!), '\n', { flag: 'a' });
    await expect(open()).rejects.toMatchObject({ code: 'QP6554' });
  });
});

describe('sorted runs', () => {
  it('are few however many were added, and hold every row, also when they are opened again', async () => {
    const rowsOf = (run: number) =>
      Array.from({ length: 5 + ((run * 37) % 600) }, (_, i) => {
        const name = createHash('sha256').update(`${run} ${i}`).digest();
        return { key: name.readBigUInt64BE(), value: BigInt(run * 1000 + i) };
      });
    const all = await SortedRuns.open(folder);
    for (let run = 0; run < 30; run += 1) await all.add(rowsOf(run), run + 1);
    await all.close();
    const again = await SortedRuns.open(folder);
    expect(again.mark).toBe(30);
    expect(again.files).toBeLessThanOrEqual(13);
    for (let run = 0; run < 30; run += 3) {
      for (const { key, value } of rowsOf(run).filter((_, i) => i % 40 === 0)) {
        expect(await again.find(key)).toBe(value);
        expect(await again.find(key + 1n)).toBeUndefined();
      }
    }
    await again.close();
  });
});

describe('the index of receipts', () => {
  it('is made again from the records where it is missing or cut off', async () => {
    await fill();
    await rm(path.join(folder, 'index'), { recursive: true });
    const store = await open();
    await expectAll(store);
    await store.close();
    const [first] = await runs();
    await writeFile(path.join(folder, 'index', first!), 'cut off');
    const again = await open();
    await expectAll(again);
    await again.close();
  });

  it('is made again when damage is met, and knows from the log what was erased', async () => {
    await fill();
    const store = await open();
    const before = T + 1000;
    for (const modelId of [MODEL, OTHER]) {
      await store.erase({ modelId, before, covered: ANSWERS }, async () => {});
    }
    const erased = [];
    for (let i = 0; i < ANSWERS; i += 1) if ((await store.read(i)) === undefined) erased.push(i);
    expect(erased).toEqual(erased.map((_, i) => i));
    expect(erased.length).toBeGreaterThan(10);
    await expectAll(store, erased.length);
    await store.close();
    for (const name of await runs()) {
      const file = await openFile(path.join(folder, 'index', name), 'r+');
      await file.write('#', 4096 + 3);
      await file.close();
    }
    const again = await open({ leaves: leavesOf });
    await expectAll(again, erased.length);
    await again.close();
    expect((await runs()).length).toBeLessThan(3);
    await (await open()).close();
  });

  it('keeps one of two runs that hold the same, as after a crash between merging and removing', async () => {
    await fill();
    const names = await runs();
    const [, to] = /-(\d+)\.run/.exec(names[0]!)!;
    await writeFile(path.join(folder, 'index', `0-${Number(to) - 1}.run`), 'an older one');
    await writeFile(path.join(folder, 'index', `${Number(to) - 1}-${to}.run`), 'an older one');
    const store = await open();
    await expectAll(store);
    await store.close();
    expect(await runs()).toEqual(names);
  });
});
