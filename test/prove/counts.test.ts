import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createRow, makePrivateFolder } from '../../src/bundle/batch-folder.ts';
import { RunLength } from '../../src/prove/run-length.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';

// What a row costs, in counts: how long each takes depends on the machine.

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'counts-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('syncs: one per file, and one per folder and group', async () => {
  await makePrivateFolder(root);
  const handle = await open(root);
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'sync');
  await handle.close();
  const files = new GroupCommit();
  const rows = Array.from({ length: 100 }, (_, row) =>
    createRow(files, root, row, { bundle: 'bundle', opening: 'opening' }),
  );
  await Promise.all(rows);
  // The first row is a group by itself; those that come meanwhile are the second.
  expect(sync.mock.calls.length).toBe(2 * 100 + 2 * 2);
  sync.mockRestore();
});

it('messages: as many rows in one as fill a tenth of a second', () => {
  const messages = (rows: number, workers: number, rowMs: number) => {
    const length = new RunLength(rows, workers);
    let count = 0;
    for (let left = rows; left > 0; count += 1) {
      left -= length.next(left);
      length.took(rowMs);
    }
    return count;
  };
  expect(messages(1000, 2, 5)).toBeLessThanOrEqual(52);
  expect(messages(1000, 2, 1)).toBeLessThanOrEqual(34);
  expect(messages(100, 2, 200)).toBe(100);
});
