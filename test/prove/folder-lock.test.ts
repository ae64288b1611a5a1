import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/prove/folder-lock.ts';

let folder: string;
const lock = () => path.join(folder, '.quietproof.lock');
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('lockFolder', () => {
  it('excludes a second holder until it is released', async () => {
    const unlock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'QP6203', where: folder });
    await unlock();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder))();
  });

  it('reports the process that holds it', async () => {
    await writeFile(lock(), `${process.ppid}\n`);
    await expect(lockFolder(folder)).rejects.toThrow(`Process ${process.ppid} is proving`);
  });

  it('takes over the lock of a dead process', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(lock(), `${pid}\n`);
    await lockFolder(folder);
    expect(await readFile(lock(), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('takes over an incomplete lock', async () => {
    await writeFile(lock(), '');
    await lockFolder(folder);
    expect(await readFile(lock(), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('reports a folder that cannot be written', async () => {
    await expect(lockFolder(path.join(folder, 'missing'))).rejects.toMatchObject({ code: 'QP8002' });
  });
});
