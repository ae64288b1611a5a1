import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownDigest } from '../../src/store/known-digest.ts';

const root = mkdtempSync(path.join(tmpdir(), 'known-digest-'));
const file = path.join(root, 'large');
const SETTLED_MS = 3100;
let cache: string;

/** A whole second, which can be set again exactly. */
const TIME = 1_700_000_000;
const write = (value: number) => {
  writeFileSync(file, new Uint8Array(2 ** 18).fill(value));
  utimesSync(file, TIME, TIME);
};

beforeAll(() => write(0));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** How often the file is hashed while its digest is asked for twice. */
async function hashedOf(name = file, keys = ['', ''], folder: string | undefined = cache): Promise<number> {
  let count = 0;
  const digest = async () => {
    count += 1;
    return 'ab'.repeat(32);
  };
  for (const key of keys) {
    const handle = await open(name);
    expect(await knownDigest(handle, key, digest, folder)).toBe('ab'.repeat(32));
    await handle.close();
  }
  return count;
}

describe('the digest of a file', () => {
  it('is not remembered of a file that has just changed', async () => {
    cache = mkdtempSync(path.join(root, 'cache-'));
    expect(await hashedOf()).toBe(2);
    await setTimeout(SETTLED_MS);
    expect(await hashedOf()).toBe(1);
    expect(await hashedOf()).toBe(0);
  });

  it('is kept for its owner alone, once per file and key', async () => {
    const folder = path.join(cache, 'digests');
    const [entry] = readdirSync(folder);
    expect(readdirSync(folder)).toHaveLength(1);
    if (process.platform !== 'win32') expect(statSync(path.join(folder, entry!)).mode & 0o777).toBe(0o600);
    expect(await hashedOf(file, ['', 'tag', 'tag'])).toBe(1);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('is computed again where its entry is damaged, and without a cache', async () => {
    const folder = path.join(cache, 'digests');
    for (const text of ['', '{', 'null', '{"digest":"ab"}', `{"digest":"${'cd'.repeat(32)}"}`]) {
      for (const name of readdirSync(folder)) writeFileSync(path.join(folder, name), text);
      expect(await hashedOf()).toBe(1);
    }
    const blocked = path.join(root, 'blocked');
    mkdirSync(blocked);
    writeFileSync(path.join(blocked, 'digests'), '');
    expect(await hashedOf(file, ['', ''], blocked)).toBe(2);
  });

  it('is computed again of other bytes, even under the old time of the file', async () => {
    const before = statSync(file, { bigint: true });
    write(1);
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    expect(await hashedOf()).toBe(2);
  });

  it('is not remembered of small files', async () => {
    const small = path.join(root, 'small');
    writeFileSync(small, 'a');
    const past = new Date(Date.now() - 60_000);
    utimesSync(small, past, past);
    expect(await hashedOf(small)).toBe(2);
  });
});
