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
  it('holds off a second taker and lets go', async () => {
    const unlock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'QP6203', where: folder });
    await unlock();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder))();
  });

  it('names the process that holds it', async () => {
    await writeFile(lock(), `${process.ppid}\n`);
    await expect(lockFolder(folder)).rejects.toThrow(`Process ${process.ppid} is proving`);
  });

  it('takes over the lock of a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(lock(), `${pid}\n`);
    await lockFolder(folder);
    expect(await readFile(lock(), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('takes over a lock that was never finished', async () => {
    await writeFile(lock(), '');
    await lockFolder(folder);
    expect(await readFile(lock(), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('says what is wrong when the folder cannot be written', async () => {
    await expect(lockFolder(path.join(folder, 'missing'))).rejects.toMatchObject({ code: 'QP8002' });
  });
});
