import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseAnyBundle, parseAnyModelRecord, parseAnyOpening } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DigitsArtifact, digitsArtifact } from '../support/digits-artifact.ts';

/** `npm run test:slow:kills` sets 100. */
const KILLS = Number(process.env.KILLS ?? 4);
const ROWS = 12;

let artifact: DigitsArtifact;
beforeAll(async () => {
  artifact = await digitsArtifact('digest');
});
afterAll(() => artifact.remove());

const newFolder = () => mkdtemp(path.join(artifact.root, 'out-'));

function prove(out: string): ChildProcess {
  const data = path.resolve('models/digits-mlp/test.json');
  const words = ['prove', artifact.artifactDir, '--inputs', data, '--rows', `0-${ROWS - 1}`, '--out', out];
  return spawn(process.execPath, [path.resolve('dist/cli/main.js'), ...words], { stdio: 'ignore' });
}

/** Every file of a name that counts is whole, and every bundle is opened by its opening. @returns bundles */
async function inspect(out: string): Promise<number> {
  const names = (await readdir(out)).filter((name) => !name.startsWith('.'));
  if (names.includes('model.json')) parseAnyModelRecord(await readFile(path.join(out, 'model.json')));
  const openings = (await readdir(path.join(out, 'private')).catch(() => [])).filter(
    (n) => !n.startsWith('.'),
  );
  const digests = new Map<string, string>();
  for (const name of openings) {
    const opening = parseAnyOpening(await readFile(path.join(out, 'private', name)));
    digests.set(name.replace('.opening.json', ''), opening.digest);
  }
  const bundles = names.filter((name) => name.endsWith('.proof.json'));
  for (const name of bundles) {
    const bundle = parseAnyBundle(await readFile(path.join(out, name)));
    expect(digests.get(name.replace('.proof.json', '')), name).toBe(bundle.publicSignals[1]);
  }
  return bundles.length;
}

/** Resolves after `count` changes of files in the folders, or when the process has ended. */
async function changes(folders: readonly string[], count: number, child: ChildProcess): Promise<void> {
  let left = count;
  await new Promise<void>((resolve) => {
    const watchers = folders.map((folder) =>
      watch(folder, () => {
        left -= 1;
        if (left <= 0) done();
      }),
    );
    const done = () => {
      for (const watcher of watchers) watcher.close();
      resolve();
    };
    child.once('exit', done);
  });
}

/** Numbers of changes at which to kill: a fixed, irregular sequence. A whole run makes about 150. */
const points = (() => {
  let state = 20_261_126;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + ((state >>> 8) % 120);
  };
})();

describe('prove, killed', () => {
  it(`${KILLS} times, at different changes of its files, loses nothing and leaves nothing half-written`, async () => {
    let out = await newFolder();
    let [killed, before] = [0, 0];
    while (killed < KILLS) {
      await mkdir(path.join(out, 'private'), { recursive: true, mode: 0o700 });
      const child = prove(out);
      const ended = once(child, 'exit');
      await changes([out, path.join(out, 'private')], points(), child);
      child.kill('SIGKILL');
      const [, signal] = await ended;
      if (signal === 'SIGKILL') killed += 1;
      const bundles = await inspect(out);
      expect(bundles).toBeGreaterThanOrEqual(before);
      before = bundles;
      if (bundles === ROWS) [out, before] = [await newFolder(), 0];
    }
    const [code] = await once(prove(out), 'exit');
    expect(code).toBe(0);
    expect(await inspect(out)).toBe(ROWS);
    const left = [...(await readdir(out)), ...(await readdir(path.join(out, 'private')))];
    expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('two processes that prove into one folder although they should not', () => {
  it('never leave a bundle that its opening does not open', async () => {
    const out = await newFolder();
    await mkdir(path.join(out, 'private'), { mode: 0o700 });
    const first = prove(out);
    const ends = [once(first, 'exit')];
    await changes([path.join(out, 'private')], 1, first);
    // What people do when they think that a lock is a leftover.
    for (const name of ['.quietproof.lock', '.quietproof.owner']) {
      await rm(path.join(out, name), { recursive: true, force: true });
    }
    ends.push(once(prove(out), 'exit'));
    // Either may fail: the other takes its rows, and its temporary files for leftovers.
    await Promise.all(ends);
    expect(await inspect(out)).toBeGreaterThan(0);
    const [code] = await once(prove(out), 'exit');
    expect(code).toBe(0);
    expect(await inspect(out)).toBe(ROWS);
  });
});
