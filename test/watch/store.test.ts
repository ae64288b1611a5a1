import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExchange } from '../../src/watch/store/exchange-file.ts';
import type { KeptExchange } from '../../src/watch/store/kept-exchange.ts';
import { LineFile } from '../../src/watch/store/line-file.ts';
import { Spool } from '../../src/watch/store/spool.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'watch-store-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const newFolder = () => mkdtemp(path.join(root, 'x-'));

const exchange = (id: string, size = 3): KeptExchange => ({
  id,
  at: 1_800_000_000.5,
  path: '/v2/models/iris/infer',
  request: { headers: { 'x-context': 'ä' }, body: Buffer.alloc(size, 1) },
  response: { status: 200, headers: {}, body: Buffer.from([0, 255, 10]), truncated: true },
});

describe('the spool', () => {
  it('finds again what was not checked, as it was, and removes what was', async () => {
    const folder = await newFolder();
    const first = await Spool.open(folder);
    expect(first.left).toEqual([]);
    const places = ['a', 'b', 'c'].map((id) => first.spool.write(exchange(id)));
    first.spool.checked(places[1]!);
    expect(first.spool.waiting).toBe(2);
    // As after kill -9: nothing was closed.
    const { spool, left } = await Spool.open(folder);
    expect(left.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(readExchange(left[2]!)).toEqual(exchange('c'));
    const later = spool.write(exchange('d'));
    expect(later.file).not.toBe(left[0]!.file);
    for (const place of [...left, later]) spool.checked(place);
    spool.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('begins another file where one is full, and leaves none behind', async () => {
    const folder = await newFolder();
    const { spool } = await Spool.open(folder);
    const places = Array.from({ length: 3 }, (_, k) => spool.write(exchange(String(k), 5 << 20)));
    expect(new Set(places.map(({ file }) => file)).size).toBe(2);
    for (const place of places) spool.checked(place);
    spool.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('drops what was torn before its answer was handed on', async () => {
    const folder = await newFolder();
    const { spool } = await Spool.open(folder);
    const [, last] = [spool.write(exchange('a')), spool.write(exchange('b'))];
    for (let cut = 1; cut < last.length; cut += 1) {
      await truncate(last.file, last.offset + last.length - cut);
      expect((await Spool.open(folder)).left.map(({ id }) => id)).toEqual(['a']);
    }
    await appendFile(last.file, Buffer.alloc(100));
    expect((await Spool.open(folder)).left).toHaveLength(1);
  });
});

describe('the file of records', () => {
  it('has everything again that was added, in order, and is only for its owner', async () => {
    const file = path.join(await newFolder(), 'records.jsonl');
    const { lines } = await LineFile.open(file);
    await Promise.all([lines.add([{ a: 1 }, { b: 'ä\n' }]), lines.add([3])]);
    await lines.add([]);
    await lines.close();
    const again = await LineFile.open(file);
    expect(again.values).toEqual([{ a: 1 }, { b: 'ä\n' }, 3]);
    await again.lines.add([4]);
    await again.lines.close();
    const last = await LineFile.open(file);
    expect(last.values).toHaveLength(4);
    await last.lines.close();
  });

  it('is whole up to any byte at which a group was torn, and can be written on', async () => {
    const file = path.join(await newFolder(), 'records.jsonl');
    const { lines } = await LineFile.open(file);
    await lines.add(['durable']);
    await lines.close();
    const before = await readFile(file);
    const again = await LineFile.open(file);
    await again.lines.add(['x', 'y']);
    await again.lines.close();
    const after = await readFile(file);
    for (let length = before.length; length < after.length; length += 7) {
      await writeFile(file, after.subarray(0, length));
      const opened = await LineFile.open(file);
      expect(opened.values[0]).toBe('durable');
      expect(opened.values.length).toBeLessThan(3);
      await opened.lines.add(['next']);
      await opened.lines.close();
      const read = await LineFile.open(file);
      expect(read.values).toEqual([...opened.values, 'next']);
      await read.lines.close();
    }
  });

  it('can be replaced as a whole, in order with what is added', async () => {
    const file = path.join(await newFolder(), 'records.jsonl');
    const { lines } = await LineFile.open(file);
    await Promise.all([
      lines.add(['old']),
      lines.replace(['new', 'er']),
      lines.add(['last']),
      lines.replace([]),
    ]);
    await Promise.all([lines.add([1]), lines.add([2])]);
    await lines.close();
    const again = await LineFile.open(file);
    expect(again.values).toEqual([1, 2]);
    await again.lines.replace([7]);
    await again.lines.add([8]);
    await again.lines.close();
    expect((await LineFile.open(file)).values).toEqual([7, 8]);
  });

  it('is refused where something is missing that was durable', async () => {
    const file = path.join(await newFolder(), 'records.jsonl');
    const { lines } = await LineFile.open(file);
    for (const value of ['a', 'b', 'c']) await lines.add([value]);
    await lines.close();
    const content = await readFile(file);
    content[content.indexOf('"b"') + 1]! ^= 1;
    await writeFile(file, content);
    await expect(LineFile.open(file)).rejects.toThrow(/QP6452.*line 2/);
  });
});
