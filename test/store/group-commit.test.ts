import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupCommit } from '../../src/store/group-commit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'group-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);

describe('GroupCommit', () => {
  it('creates every file with its content and mode, and leaves nothing else', async () => {
    const files = new GroupCommit();
    const names = Array.from({ length: 50 }, (_, k) => `${k}.json`);
    const created = await Promise.all(
      names.map((name, k) => files.create({ file: at(name), content: name, mode: k === 7 ? 0o600 : 0o644 })),
    );
    expect(created).toEqual(names.map(() => true));
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
    for (const name of names) expect(await readFile(at(name), 'utf8')).toBe(name);
    if (process.platform !== 'win32') expect((await stat(at('7.json'))).mode & 0o777).toBe(0o600);
  });

  it('never replaces a file, whoever asks at once', async () => {
    const [one, two] = [new GroupCommit(), new GroupCommit()];
    const ask = (files: GroupCommit, content: string) => files.create({ file: at('a'), content });
    const created = await Promise.all([ask(one, '1'), ask(two, '2'), ask(one, '3')]);
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await readFile(at('a'), 'utf8')).toBe(['1', '2', '3'][created.indexOf(true)]);
    expect(await ask(two, '4')).toBe(false);
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('gives each file its own outcome', async () => {
    await mkdir(at('b'));
    const files = new GroupCommit();
    const [a, missing, b, c] = await Promise.allSettled(
      ['a', 'none/x', 'b', 'c'].map((name) => files.create({ file: at(name), content: name })),
    );
    expect(a).toMatchObject({ value: true });
    expect(missing).toMatchObject({ reason: { code: 'QP8002', where: at('none/x') } });
    expect(b).toMatchObject({ value: false });
    expect(c).toMatchObject({ value: true });
    expect(await files.create({ file: at('later'), content: '' })).toBe(true);
  });

  it('creates files in order, and stops at one that is there', async () => {
    const files = new GroupCommit();
    const ask = (...names: string[]) =>
      files.createInOrder(names.map((name) => ({ file: at(name), content: name })));
    expect(await Promise.all([ask('1', '2'), ask('3', '4'), ask('5')])).toEqual([2, 2, 1]);
    expect(await Promise.all([ask('6', '2', '7'), ask('1', '8'), ask('9', '10')])).toEqual([1, 0, 2]);
    expect((await readdir(folder)).sort()).toEqual(['1', '10', '2', '3', '4', '5', '6', '9']);
  });

  it('creates none of a sequence that cannot be written', async () => {
    const files = new GroupCommit();
    const sequence = ['first', 'none/second'].map((name) => ({ file: at(name), content: name }));
    await expect(files.createInOrder(sequence)).rejects.toMatchObject({ where: at('none/second') });
    expect(await readdir(folder)).toEqual([]);
  });
});
