import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { type LockOwner, ownerName, thisOwner } from '../../src/store/lock-owner.ts';
import { systemLocks } from '../../src/store/system-lock.ts';
import { canUnshare, LockProcess, type Mechanism } from './support/lock-process.ts';

let folder: string;
const started: LockProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lock-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.kill()));
  await rm(folder, { recursive: true, force: true });
});

async function start(mechanism: Mechanism, options?: { namespace: boolean }): Promise<LockProcess> {
  const process = await LockProcess.start(mechanism, options);
  started.push(process);
  return process;
}

/** Writes the record of another owner. */
async function plant(change: Partial<LockOwner>, into = folder): Promise<void> {
  const owner = { ...thisOwner('none'), ...change };
  await mkdir(path.join(into, '.quietproof.owner'));
  await writeFile(path.join(into, '.quietproof.owner', ownerName(owner)), '');
}

const prove = { purpose: 'prove' } as const;

describe('lockFolder', () => {
  it('excludes a second holder until it is released, and leaves nothing behind', async () => {
    const lock = await lockFolder(folder, prove);
    await expect(lockFolder(folder, prove)).rejects.toMatchObject({ code: 'QP6203', where: folder });
    await expect(lockFolder(folder, { purpose: 'change' })).rejects.toThrow(
      'QP6206 This process is changing this folder',
    );
    lock.release();
    expect(await readdir(folder)).toEqual([]);
    (await lockFolder(folder, prove)).release();
  });

  it('released twice leaves the next holder its lock', async () => {
    const first = await lockFolder(folder, prove);
    first.release();
    const second = await lockFolder(folder, prove);
    const held = await readdir(folder);
    first.release();
    expect(await readdir(folder)).toEqual(held);
    await expect(lockFolder(folder, prove)).rejects.toMatchObject({ code: 'QP6203' });
    second.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('uses the addon here', async () => {
    const lock = await lockFolder(folder, prove);
    expect(lock.mechanism).toBe('addon');
    lock.release();
  });

  it('names the process that holds it', async () => {
    const other = await start('none');
    expect(await other.take(folder)).toMatchObject({ state: 'taken', mechanism: 'none' });
    await expect(lockFolder(folder, prove)).rejects.toThrow(`Process ${other.pid} is proving`);
  });

  it('locks parts of a folder apart', async () => {
    const [one, two] = await Promise.all(
      ['.a', '.b'].map((name) => lockFolder(folder, { purpose: 'change', name })),
    );
    one!.release();
    two!.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('reports a folder that does not exist', async () => {
    await expect(lockFolder(path.join(folder, 'missing'), prove)).rejects.toMatchObject({ code: 'QP8002' });
  });
});

describe.each(['best', 'flock', 'none'] as const)('with the mechanism %s', (mechanism) => {
  it.each([
    ['an empty folder', {}],
    ['a folder with the lock of a dead process', { pid: 4_194_304 }],
  ] as const)('one of two processes gets %s', async (_, stale) => {
    const tries = mechanism === 'flock' ? 20 : 200;
    const processes = [await start(mechanism), await start(mechanism)];
    const got = [];
    for (let k = 0; k < tries; k += 1) {
      const own = path.join(folder, String(k));
      await mkdir(own);
      if ('pid' in stale) await plant(stale, own);
      const answers = await Promise.all(processes.map((process) => process.take(own)));
      got.push(answers.filter(({ state }) => state === 'taken').length);
      expect(answers.find(({ state }) => state === 'refused')).toMatchObject({ code: 'QP6203' });
    }
    expect(got).toEqual(Array(tries).fill(1));
  });

  it('a process that was killed leaves no lock', async () => {
    const process = await start(mechanism);
    await process.take(folder);
    await process.kill();
    const other = await start(mechanism);
    expect(await other.take(folder)).toMatchObject({ state: 'taken' });
    await other.release();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the owner', () => {
  // Only the record: nothing of this depends on a lock of the system.
  const recordOnly = { ...prove, systemLocks: [] };

  it('is not another process that has its pid now', async () => {
    await plant({ start: '1' });
    (await lockFolder(folder, recordOnly)).release();
  });

  it('has ended if the machine has been started again', async () => {
    await plant({ system: 'ab' });
    (await lockFolder(folder, recordOnly)).release();
  });

  it('may run in another namespace, and then keeps the lock', async () => {
    await plant({ namespaces: '1-2' });
    await expect(lockFolder(folder, recordOnly)).rejects.toMatchObject({
      code: 'QP6203',
      what: 'A process that cannot be seen from here is proving into this folder',
      fix: expect.stringContaining('delete .quietproof.owner'),
    });
  });

  it('has ended, wherever it ran, if the system has dropped its lock', async () => {
    await plant({ namespaces: '1-2', mechanism: 'addon' });
    (await lockFolder(folder, prove)).release();
    await plant({ namespaces: '1-2', mechanism: 'flock' });
    await expect(lockFolder(folder, prove)).rejects.toMatchObject({ code: 'QP6203' });
  });

  it('keeps the lock if somebody deletes the locked file', async () => {
    const lock = await lockFolder(folder, prove);
    await rm(path.join(folder, '.quietproof.lock'));
    await expect(lockFolder(folder, prove)).rejects.toMatchObject({ code: 'QP6203' });
    lock.release();
  });

  it('can have been killed while it took the lock', async () => {
    await mkdir(path.join(folder, '.quietproof.owner'));
    await mkdir(path.join(folder, '.quietproof.owner.0123456789abcdef'));
    await writeFile(
      path.join(folder, '.quietproof.owner.0123456789abcdef', ownerName(thisOwner('none'))),
      '',
    );
    const lock = await lockFolder(folder, prove);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a system whose locks do not work on this file system', () => {
  it('uses the record', async () => {
    const [addon] = await systemLocks();
    const systemLocks_ = [{ ...addon!, tryLock: () => undefined }];
    const lock = await lockFolder(folder, { ...prove, systemLocks: systemLocks_ });
    expect(lock.mechanism).toBe('none');
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(!canUnshare)('between containers', () => {
  const container = (mechanism: Mechanism) => start(mechanism, { namespace: true });

  it.each(['best', 'flock', 'none'] as const)('excludes with the mechanism %s', async (mechanism) => {
    const processes = [await container(mechanism), await container(mechanism)];
    for (let k = 0; k < 10; k += 1) {
      const answers = await Promise.all(processes.map((process) => process.take(folder)));
      expect(answers.map(({ state }) => state).sort()).toEqual(['refused', 'taken']);
      await Promise.all(processes.map((process) => process.release()));
    }
  });

  it.each([
    ['best', 'none'],
    ['none', 'best'],
    ['flock', 'best'],
  ] as const)('excludes with the mechanism %s in one and %s in the other', async (one, two) => {
    const [holder, other] = [await container(one), await container(two)];
    expect(await holder.take(folder)).toMatchObject({ state: 'taken' });
    expect(await other.take(folder)).toMatchObject({ state: 'refused', code: 'QP6203' });
  });

  it.each(['best', 'flock'] as const)(
    'a killed one leaves no lock with the mechanism %s',
    async (mechanism) => {
      const first = await container(mechanism);
      await first.take(folder);
      await first.kill();
      expect(await (await container(mechanism)).take(folder)).toMatchObject({ state: 'taken' });
    },
  );
});
