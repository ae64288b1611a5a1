import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { userCache } from '../../src/store/user-cache.ts';

const root = mkdtempSync(path.join(tmpdir(), 'user-cache-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function given(name: string) {
  const caches = path.join(root, name);
  mkdirSync(caches);
  return {
    caches,
    folder: path.join(caches, 'quietproof'),
    find: () => userCache({ XDG_CACHE_HOME: caches }),
  };
}

describe.skipIf(process.platform === 'win32')("the user's cache", () => {
  it('is made for its owner alone', () => {
    const { folder, find } = given('new');
    expect(find()).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(find()).toBe(folder);
  });

  it('is not used where others can write to it, or where it is a link', () => {
    const shared = given('shared');
    mkdirSync(shared.folder);
    chmodSync(shared.folder, 0o777);
    expect(shared.find()).toBeUndefined();
    const linked = given('linked');
    symlinkSync(shared.folder, linked.folder);
    expect(linked.find()).toBeUndefined();
  });

  it('is missing where it cannot be made', () => {
    const { folder, find } = given('file');
    writeFileSync(folder, '');
    expect(find()).toBeUndefined();
  });
});
