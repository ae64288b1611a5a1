import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTemporaries, writeDurably } from '../../src/store/durable-file.ts';
import { canMount, runOnSmallDisk } from '../support/small-disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'durable-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeDurably', () => {
  it('writes the content and leaves nothing else behind', async () => {
    await writeDurably(path.join(folder, 'a.json'), '{}\n');
    expect(await readFile(path.join(folder, 'a.json'), 'utf8')).toBe('{}\n');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('replaces a file as a whole', async () => {
    const file = path.join(folder, 'a.json');
    await writeDurably(file, 'x'.repeat(1000));
    await writeDurably(file, 'short');
    expect(await readFile(file, 'utf8')).toBe('short');
  });

  it.skipIf(process.platform === 'win32')('gives the file the mode that was asked for', async () => {
    const file = path.join(folder, 'secret.json');
    await writeDurably(file, '{}', 0o600);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('names the path when the folder is missing', async () => {
    const file = path.join(folder, 'no', 'a.json');
    await expect(writeDurably(file, '')).rejects.toMatchObject({ code: 'QP8002', where: file });
  });
});

describe('removeTemporaries', () => {
  it('removes the temporary files of a killed write and nothing else', async () => {
    for (const name of ['.a.json.0123abcd.tmp', 'a.json', '.hidden', 'b.tmp', '.c.json.nothex00.tmp']) {
      await writeFile(path.join(folder, name), '');
    }
    await removeTemporaries(folder);
    expect((await readdir(folder)).sort()).toEqual(['.c.json.nothex00.tmp', '.hidden', 'a.json', 'b.tmp']);
  });
});

describe.skipIf(!canMount)('on a full disk', () => {
  it('refuses with QP8001 and leaves nothing half-written', () => {
    const script = `
      const { writeDurably } = await import(process.argv[1]);
      await writeDurably(process.argv[2], new Uint8Array(200_000)).catch((e) => { console.error(e.code); process.exitCode = e.exit; });`;
    const built = path.resolve('dist/store/durable-file.js');
    const command = ['--input-type=module', '-e', script, built, path.join(folder, 'big.bin')];
    const { stdout, stderr } = runOnSmallDisk(folder, '64k', [process.execPath, ...command], 'ls -A');
    expect(stderr).toBe('QP8001\n');
    // Status 3: environment. `ls` prints nothing after it.
    expect(stdout).toBe('exit 3\n');
  });
});
