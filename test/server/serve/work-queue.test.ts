import { describe, expect, it } from 'vitest';
import { WorkQueue } from '../../../src/server/serve/work-queue.ts';

const work = (id: string) => ({ id });

describe('WorkQueue', () => {
  it('gives what was asked for first, then what was drawn, each in its order', () => {
    const queue = new WorkQueue();
    queue.add(work('a'), 'policy');
    queue.add(work('b'), 'drawn');
    queue.add(work('c'), 'asked');
    queue.add(work('d'), 'policy');
    queue.add(work('e'), 'asked');
    expect(['c', 'e', 'b', 'a', 'd'].map((id) => queue.before(id))).toEqual([0, 1, 2, 3, 4]);
    expect(Array.from({ length: 6 }, () => queue.take()?.id)).toEqual(['c', 'e', 'b', 'a', 'd', undefined]);
    expect(queue.size).toBe(0);
  });

  it('moves work forward only, and once', () => {
    const queue = new WorkQueue();
    for (const id of ['a', 'b', 'c']) queue.add(work(id), 'policy');
    queue.add(work('c'), 'asked');
    queue.add(work('c'), 'policy');
    queue.remove('a');
    expect(queue.size).toBe(2);
    expect(queue.before('b')).toBe(1);
    expect([queue.take()?.id, queue.take()?.id, queue.take()]).toEqual(['c', 'b', undefined]);
    queue.add(work('a'), 'policy');
    expect(queue.take()?.id).toBe('a');
  });
});
