import { createHash } from 'node:crypto';
import { TAGS } from '@quietproof/verify';
import { ENTRY_VERSION, entryText } from '@quietproof/verify/seal';
import { describe, expect, it } from 'vitest';
import type {
  AnswerStore,
  MarkRecord,
  StoredRecord,
} from '../../../../src/server/serve/store/answer-store.ts';
import { announced, asked, MODEL, OTHER, sealed } from '../support/records.ts';

/** A store of a test's own, which can be opened again. */
export interface StoreSite {
  /** @param covered entries that the log covers */
  open(covered: number): Promise<AnswerStore>;
  close(): Promise<void>;
}

/** Seconds. Nothing that is an eighth of it apart has to be erased together. */
export const CONTRACT_RETENTION = 800;
const T = 1_800_000_000;
const BEACON = 'b'.repeat(64);
const DRAW = { beacon: BEACON, round: 77 };

const receiptOf = (index: number) => index.toString(16).padStart(64, '0');

/** With the entry that the log would have of it. */
function answer(index: number, own: { time?: number; modelId?: string; draw?: typeof DRAW } = {}) {
  const { time = T + index, modelId = MODEL, draw } = own;
  const receiptId = receiptOf(index);
  const leaf = createHash('sha256').update(TAGS.leafV2).update(Buffer.from(receiptId, 'hex')).digest('hex');
  const entry = { version: ENTRY_VERSION, kind: 'answer', time, leaf, ...(draw && { draw }) } as const;
  return sealed(index, { time, modelId, receiptId, entry: entryText(entry) });
}

function announcement(index: number, modelId: string) {
  const policy = { prove: 'on-demand', within: 60, retention: CONTRACT_RETENTION } as const;
  const own = { modelId, name: 'iris', modelVersion: '1', policy, time: T };
  const entry = entryText({ version: ENTRY_VERSION, kind: 'model', ...own });
  return announced(index, { modelId, time: T, entry });
}

async function replayed(store: AnswerStore): Promise<{ record: StoredRecord; position: number }[]> {
  const all: { record: StoredRecord; position: number }[] = [];
  await store.replay((record, position) => all.push({ record, position }));
  return all;
}

const marks = (all: readonly { record: StoredRecord }[]): MarkRecord[] =>
  all.flatMap(({ record }) => (record.kind === 'sealed' || record.kind === 'announced' ? [] : [record]));

const never = () => Promise.reject(new Error('nothing is old'));

/** What every store does. */
export function describeStore(name: string, make: () => Promise<StoreSite>): void {
  const run = (title: string, test: (site: StoreSite) => Promise<void>) =>
    it(title, async () => {
      const site = await make();
      try {
        await test(site);
      } finally {
        await site.close();
      }
    });

  describe(`${name}, as a store of answers`, () => {
    run('has what was appended, by index and by receipt, also when it is opened again', async (site) => {
      const before = await site.open(0);
      expect([before.next, before.lastTime]).toEqual([0, 0]);
      expect(await replayed(before)).toEqual([]);
      await before.append([announcement(0, MODEL)]);
      await before.append([announcement(1, OTHER)]);
      await before.append([answer(2), answer(3, { modelId: OTHER })]);
      await before.append([answer(4), asked(2)]);
      await before.close();
      const store = await site.open(5);
      expect([store.next, store.lastTime]).toEqual([5, T + 4]);
      for (const own of [answer(2), answer(3, { modelId: OTHER }), answer(4)]) {
        expect(await store.read(own.index)).toEqual(own);
        expect(await store.find(own.receiptId)).toEqual(own);
        expect(await store.revealed(own.index)).toBeUndefined();
      }
      for (const index of [0, 1, 5]) {
        expect(await store.read(index)).toBeUndefined();
        expect(await store.find(receiptOf(index))).toBeUndefined();
      }
      const all = await replayed(store);
      expect(all.slice(0, 2).map(({ record }) => record)).toEqual([
        announcement(0, MODEL),
        announcement(1, OTHER),
      ]);
      const indices = all.flatMap(({ record }) => (record.kind === 'sealed' ? [record.index] : []));
      expect(indices.sort()).toEqual([2, 3, 4]);
      expect(marks(all)).toEqual([expect.objectContaining({ kind: 'asked', answer: 2, modelId: MODEL })]);
      // It goes on where it was.
      await store.append([answer(5)]);
      expect(store.next).toBe(6);
      await store.close();
    });

    run('has what was decided, whoever has decided it', async (site) => {
      const store = await site.open(0);
      await store.append([announcement(0, MODEL)]);
      await store.append([answer(1), answer(2), answer(3, { draw: DRAW }), answer(4, { draw: DRAW })]);
      const own = { modelId: MODEL, time: T + 9 };
      await store.append([{ kind: 'revealed', ...own, answer: 1, drawn: true }]);
      await store.append([{ kind: 'revealed', ...own, answer: 2, drawn: false }]);
      await store.append([{ kind: 'drawn', ...own, ...DRAW, last: 4, answers: [4] }]);
      await store.close();
      const again = await site.open(5);
      expect([await again.revealed(1), await again.revealed(2)]).toEqual([true, false]);
      for (const index of [3, 4]) expect(await again.revealed(index)).toBeUndefined();
      const found = marks(await replayed(again));
      const drawn = found.flatMap((mark) => (mark.kind === 'drawn' ? [mark] : []));
      expect(drawn.flatMap(({ answers }) => answers)).toEqual([4]);
      expect(drawn.every(({ beacon, round }) => beacon === BEACON && round === DRAW.round)).toBe(true);
      expect(Math.max(...drawn.map(({ last }) => last))).toBe(4);
      const revealed = found.flatMap((mark) => (mark.kind === 'revealed' ? [[mark.answer, mark.drawn]] : []));
      expect(revealed.sort()).toEqual([
        [1, true],
        [2, false],
      ]);
      await again.close();
    });

    run('replays what is not settled, and never settles more than it was told', async (site) => {
      const store = await site.open(0);
      await store.append([announcement(0, MODEL)]);
      for (const [index, time] of [T + 1, T + 300, T + 600].entries()) {
        await store.append([answer(index + 1, { time })]);
      }
      expect(await store.settle(MODEL, 2)).toBeLessThanOrEqual(2);
      await store.close();
      const again = await site.open(4);
      const indices = (await replayed(again)).map(({ record }) => 'index' in record && record.index);
      for (const index of [0, 2, 3]) expect(indices).toContain(index);
      await again.close();
    });

    run('erases what is old and covered, says what before, and knows it afterwards', async (site) => {
      const store = await site.open(0);
      await store.append([announcement(0, MODEL)]);
      await store.append([announcement(1, OTHER)]);
      await store.append([answer(2), answer(3)]);
      const late = T + 20_000;
      await store.append([answer(4, { time: late }), answer(5, { time: late, modelId: OTHER })]);
      const period = { modelId: MODEL, before: late, covered: 6 };
      await store.erase({ ...period, covered: 2 }, never);
      await store.erase({ ...period, before: T }, never);
      await store.erase({ ...period, modelId: OTHER }, never);
      // What fails before the records go is done again.
      const crash = () => Promise.reject(new Error('crash'));
      await expect(store.erase(period, crash)).rejects.toThrow('crash');
      expect(await store.read(2)).toEqual(answer(2));
      const told: number[] = [];
      await store.erase(period, async (answers) => {
        for (const { index, receiptId } of answers) {
          expect(receiptId).toBe(receiptOf(index));
          expect(await store.read(index)).toBeDefined();
          told.push(index);
        }
      });
      expect(told.sort()).toEqual([2, 3]);
      await store.close();
      const again = await site.open(6);
      for (const index of [2, 3]) {
        expect(await again.read(index)).toBeUndefined();
        expect(await again.find(receiptOf(index))).toBe('erased');
      }
      expect(await again.find(receiptOf(4))).toMatchObject({ index: 4 });
      expect(await again.find(receiptOf(6))).toBeUndefined();
      expect([again.next, again.lastTime]).toEqual([6, late]);
      await again.close();
    });
  });
}
