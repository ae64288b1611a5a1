import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRows } from '../../src/data/read-rows.ts';
import { readRowsUpTo } from '../../src/data/read-rows-up-to.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rows-up-to-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const spec = { count: 2 };
/** Some 3 MB in few cells. */
const COUNT = 1200;
const LINES = Array.from({ length: COUNT }, (_, i) => `${i},${i}.${'0'.repeat(2600)}5`);

function write(name: string, lines: readonly string[], end: Uint8Array = new Uint8Array()): string {
  const file = path.join(root, name);
  writeFileSync(file, Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), end]));
  return file;
}

describe('the first rows of a large CSV file', () => {
  it.each([
    ['without a header', LINES],
    ['with a header', ['a,b', ...LINES]],
  ])('are those of the whole file, %s, and no more are parsed', async (_name, lines) => {
    const file = write('large.csv', lines);
    const { sha256: _, rows: all, ...whole } = await readRows(file, spec);
    for (const last of [0, 1, 600, COUNT - 1]) {
      const { rows, ...rest } = await readRowsUpTo(file, spec, last);
      expect(rows.length).toBe(last + 1);
      expect(Buffer.from(rows.at(-1)!.buffer).equals(Buffer.from(all[last]!.buffer))).toBe(true);
      expect(rest).toMatchObject(whole);
    }
    expect((await readRowsUpTo(file, spec, COUNT)).rows.length).toBe(COUNT);
  });

  it('do not depend on what follows', async () => {
    const file = write('damaged.csv', LINES, Uint8Array.of(0xff, 0xff, 10));
    await expect(readRows(file, spec)).rejects.toMatchObject({ code: 'QP1101' });
    await expect(readRowsUpTo(file, spec, undefined)).rejects.toMatchObject({ code: 'QP1101' });
    expect((await readRowsUpTo(file, spec, 1)).rows).toHaveLength(2);
    await expect(readRowsUpTo(file, spec, COUNT - 1)).rejects.toMatchObject({ code: 'QP1101' });
  });

  it('are judged as those of the whole file', async () => {
    const file = write('text.csv', LINES.with(7, '7,seven'));
    expect((await readRowsUpTo(file, spec, 6)).rows).toHaveLength(7);
    const error = await readRows(file, spec).catch((thrown) => thrown);
    await expect(readRowsUpTo(file, spec, 7)).rejects.toMatchObject({ code: 'QP1108', where: error.where });
  });

  it('are read on where what was read ends in a quoted cell', async () => {
    const quoted = `0,"1${'\n'.repeat(2 ** 20)}"`;
    const file = write('quoted.csv', ['a,b', quoted, ...LINES]);
    const { rows } = await readRowsUpTo(file, spec, 1);
    expect(rows.map((row) => row[1])).toEqual([1, 0]);
  });

  it('take the whole file where its first line may number the columns', async () => {
    const file = write('numbered.csv', ['0,1', ...LINES]);
    const whole = await readRows(file, spec);
    expect((await readRowsUpTo(file, spec, 0)).rows[0]).toEqual(whole.rows[0]);
  });
});
