import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { StagedFiles, settleFolder } from '../../src/store/staged-files.ts';

const OLD = { a: 'old', b: 'old', gone: 'old', manifest: 'old', other: 'own' };
const NEW = { a: 'new', b: 'new', c: 'new', manifest: 'new', other: 'own' };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'staged-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function oldFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(root, 'folder-'));
  for (const [name, text] of Object.entries(OLD)) await writeFile(path.join(folder, name), text);
  return folder;
}

/** The files that a reader sees, by content. */
async function seen(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return Object.fromEntries(names.map((name, k) => [name, texts[k]!]));
}

const support = (name: string) => fileURLToPath(new URL(`support/${name}`, import.meta.url));

/** @returns whether the process was killed before it was done */
function commitAndKill(folder: string, at: number): boolean {
  const preload = ['--import', pathToFileURL(support('kill-at.mjs')).href];
  const words = [...preload, support('commit-files.mjs'), path.resolve('dist/store'), folder];
  const { signal, status, stderr } = spawnSync(process.execPath, words, {
    env: { ...process.env, KILL_AT: String(at) },
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return signal === 'SIGKILL';
}

describe('StagedFiles', () => {
  it('killed before any of its steps, leaves all old files or all new ones', async () => {
    const outcomes = [];
    let killed = true;
    for (let at = 1; killed; at += 1) {
      const folder = await oldFolder();
      killed = commitAndKill(folder, at);
      // Whoever reads it as it is finds no manifest, or the files of one.
      const found = await seen(folder);
      if ('manifest' in found) expect([OLD, NEW], `step ${at}`).toContainEqual(found);
      await settleFolder(folder);
      const settled = await seen(folder);
      expect([OLD, NEW], `step ${at}, settled`).toContainEqual(settled);
      outcomes.push(settled.manifest);
      // The next writer finds no lock and no leftovers.
      const lock = await lockFolder(folder, { purpose: 'change' });
      await (await StagedFiles.open(folder)).discard();
      lock.release();
      expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    }
    // One step decides: old before it, new from then on.
    expect(outcomes.length).toBeGreaterThan(20);
    expect(outcomes).toEqual([...outcomes].sort().reverse());
    expect(new Set(outcomes)).toEqual(new Set(['old', 'new']));
  });

  it('leaves the folder as it was if nothing is committed', async () => {
    const folder = await oldFolder();
    const stage = await StagedFiles.open(folder);
    await writeFile(path.join(stage.folder, 'a'), 'new');
    await settleFolder(folder);
    expect(await seen(folder)).toEqual(OLD);
    await stage.discard();
    expect(await readdir(folder)).toEqual(Object.keys(OLD).sort());
  });

  it('is not finished by a reader while its writer is at work', async () => {
    const folder = await oldFolder();
    const lock = await lockFolder(folder, { purpose: 'change' });
    await mkdir(path.join(folder, '.staged-abcdef'));
    await writeFile(path.join(folder, '.staged-abcdef', '.commit.json'), '{"marker":"manifest"}');
    await expect(settleFolder(folder)).rejects.toMatchObject({ code: 'QP6206' });
    lock.release();
    await settleFolder(folder);
    expect(await readdir(folder)).toEqual(Object.keys(OLD).sort());
  });
});
