import { describe, expect, it } from 'vitest';
import { type Contender, interleave } from '../../../bench/speed/interleave.ts';

/** Notes its name in `order` at every call; the nth call gives n. */
function contender(
  name: string,
  order: string[],
  more: Partial<Contender> = {},
  failing?: number,
): Contender {
  let calls = 0;
  return {
    name,
    warmUps: 0,
    start: async () => ({
      ready: { loadMs: 1 },
      once: async () => {
        calls += 1;
        order.push(name);
        if (calls === failing) throw new Error(`${name} broke`);
        return { call: calls };
      },
      end: async () => ({ peakRssBytes: calls }),
    }),
    ...more,
  };
}

describe('interleave', () => {
  it('measures in turn, A B C A B C', async () => {
    const order: string[] = [];
    const { measured, leftOut } = await interleave(
      ['A', 'B', 'C'].map((name) => contender(name, order)),
      3,
    );
    expect(order.join('')).toBe('ABCABCABC');
    expect(leftOut).toEqual([]);
    expect(measured.map(({ name, samples, life }) => ({ name, samples, life }))).toEqual(
      ['A', 'B', 'C'].map((name) => ({
        name,
        samples: [{ call: 1 }, { call: 2 }, { call: 3 }],
        life: { peakRssBytes: 3 },
      })),
    );
  });

  it('warms up each before the first round, and counts no warm-up', async () => {
    const order: string[] = [];
    const { measured } = await interleave(
      ['A', 'B'].map((name) => contender(name, order, { warmUps: 2 })),
      1,
    );
    expect(order.join('')).toBe('AABBAB');
    expect(measured[0]!.samples).toEqual([{ call: 3 }]);
  });

  it('stops at the limit of one, and goes on with the others', async () => {
    const turns: string[] = [];
    const contenders = [contender('slow', [], { limit: 1 }), contender('fast', [])];
    await interleave(contenders, 3, (name, turn) => turns.push(`${name} ${turn}`));
    expect(turns).toEqual([
      ...['slow starts', 'fast starts'],
      ...['slow round 1', 'fast round 1', 'fast round 2', 'fast round 3'],
    ]);
  });

  it('fills a round of something short with several calls, and takes their median', async () => {
    const order: string[] = [];
    const { measured } = await interleave([contender('A', order, { warmUps: 1, roundMs: 60_000 })], 2);
    expect(order).toHaveLength(1 + 50 + 50);
    expect(measured[0]!.samples).toEqual([{ call: 27 }, { call: 77 }]);
  });

  it('leaves out what fails, with its first reason, and keeps what it gave before', async () => {
    const order: string[] = [];
    const unstartable = {
      ...contender('C', order),
      start: () => Promise.reject(new Error('no such program')),
    };
    const broken = contender('B', order, {}, 2);
    const { measured, leftOut } = await interleave([contender('A', order), broken, unstartable], 3);
    expect(order.join('')).toBe('ABABA');
    expect(leftOut).toEqual([
      { name: 'C', why: 'no such program' },
      { name: 'B', why: 'B broke' },
    ]);
    expect(measured.map(({ name, samples }) => [name, samples.length])).toEqual([
      ['A', 3],
      ['B', 1],
    ]);
  });
});
