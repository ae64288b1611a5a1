import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows } from '../../src/data/read-rows.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('readRows', () => {
  it('gives the name of the file and its digest', async () => {
    const path = await file('two.json', '[[1, 2], [3, 4.5]]');
    const set = await readRows(path, { count: 2 });
    expect(set.rows).toEqual([Float64Array.of(1, 2), Float64Array.of(3, 4.5)]);
    expect(set.source).toBe('two.json');
    expect(set.sha256).toBe(createHash('sha256').update('[[1, 2], [3, 4.5]]').digest('hex'));
  });

  it('uses the content if the extension is unknown', async () => {
    const set = await readRows(await file('rows', ' {"inputs": [[1, 2]]}'), { count: 2 });
    expect(set.rows).toEqual([Float64Array.of(1, 2)]);
  });

  it('ignores a byte order mark', async () => {
    expect((await readRows(await file('bom.json', '\uFEFF[[1, 2]]'), { count: 2 })).rows).toHaveLength(1);
    expect((await readRows(await file('bom.csv', '\uFEFF1,2\n'), { count: 2 })).rows).toHaveLength(1);
  });

  it.each([
    ['empty.json', '', 'QP1104'],
    ['rows.txt', '1 2 3', 'QP1102'],
    ['rows.npz', 'PK\u0003\u0004...', 'QP1102'],
    ['sheet.csv', 'PK\u0003\u0004...', 'QP1102'],
    ['rows.csv', Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'), 'QP1102'],
    ['latin.csv', Buffer.from([0x31, 0xe9, 0x0a]), 'QP1101'],
    ['rows.npy', '[[1, 2]]', 'QP1110'],
  ])('refuses %s', async (name, content, code) => {
    await expect(readRows(await file(name, content), { count: 2 })).rejects.toMatchObject({ code, exit: 2 });
  });

  it('refuses a missing file, a folder, and a file that is too large', async () => {
    const missing = join(folder, 'missing.json');
    await expect(readRows(missing, { count: 2 })).rejects.toMatchObject({ code: 'QP1002', where: missing });
    await expect(readRows(folder, { count: 2 })).rejects.toMatchObject({ code: 'QP1002' });
    const large = await file('large.csv', '');
    await truncate(large, 2 ** 28 + 1);
    await expect(readRows(large, { count: 2 })).rejects.toMatchObject({ code: 'QP1103' });
  });
});
