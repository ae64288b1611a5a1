import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  checkLogProof,
  isConsistent,
  logProofText,
  readCheckpoint,
  readEntryBundle,
  readLogProof,
} from '@quietproof/verify/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TileLog } from '../../src/log/tile-log.ts';
import { entries, newSigner, ORIGIN } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const signer = newSigner();
const options = { origin: ORIGIN, signer };
const policy = { origin: ORIGIN, keys: [signer.key], witnesses: [] };

/** Digests of all files of a log, its locks left out. */
async function filesOf(log: string): Promise<Record<string, string>> {
  const found = await readdir(log, { recursive: true, withFileTypes: true });
  const names = found
    .filter((one) => one.isFile() && !one.name.startsWith('.'))
    .map((one) => path.join(one.parentPath, one.name));
  const pairs = names.map(async (name) => {
    const content = await readFile(name);
    return [path.relative(log, name), createHash('sha256').update(content).digest('hex')];
  });
  return Object.fromEntries((await Promise.all(pairs)).sort());
}

describe('TileLog', () => {
  it('has the same files however its entries were appended and the log reopened', async () => {
    const all = entries(600);
    const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
    const whole = await TileLog.open(one, options);
    await whole.append(all);
    await whole.close();
    for (let from = 0; from < all.length; ) {
      const log = await TileLog.open(two, options);
      expect(log.size).toBe(from);
      for (const count of [1, 100, 55, 144]) {
        await log.append(all.slice(from, from + count));
        from = Math.min(from + count, all.length);
      }
      await log.close();
    }
    const found = await filesOf(one);
    // What is not full yet is kept for every checkpoint.
    expect(await filesOf(two)).toMatchObject(found);
    expect(Object.keys(found).sort()).toEqual(
      [
        'checkpoint',
        'tile/0/000',
        'tile/0/001',
        'tile/0/002.p/88',
        'tile/1/000.p/2',
        'tile/entries/000',
        'tile/entries/001',
        'tile/entries/002.p/88',
      ].sort(),
    );
    const last = new Uint8Array(await readFile(path.join(one, 'tile/entries/002.p/88')));
    expect(readEntryBundle(last, 88)).toEqual(all.slice(512));
  });

  it('is opened and continued with the files of its right edge alone, however many there are', async () => {
    const whole = await TileLog.open(folder, options);
    await whole.append(entries(600));
    await whole.close();
    const full = ['tile/0/000', 'tile/0/001', 'tile/entries/000', 'tile/entries/001'];
    for (const name of full) await rm(path.join(folder, name));
    const log = await TileLog.open(folder, options);
    await log.append(entries(5, 600));
    expect(log.size).toBe(605);
    await log.close();
    // What it reads leads to the checkpoint that it has signed, or it does not open.
    const edge = path.join(folder, 'tile/1/000.p/2');
    const tile = await readFile(edge);
    tile[3]! ^= 1;
    await writeFile(edge, tile);
    await expect(TileLog.open(folder, options)).rejects.toMatchObject({ code: 'QP6402' });
  });

  it('proves every entry offline, and no other one', async () => {
    const log = await TileLog.open(folder, options);
    const all = entries(300);
    await log.append(all);
    for (const index of [0, 1, 255, 256, 299]) {
      const proof = readLogProof(logProofText(await log.proofOf(index)));
      expect(checkLogProof(proof, all[index]!, policy)).toMatchObject({ index, checkpoint: { size: 300 } });
      expect(() => checkLogProof(proof, all[index ^ 2]!, policy)).toThrow('QP7708');
      expect(() => checkLogProof({ ...proof, index: index ^ 2 }, all[index]!, policy)).toThrow('QP7708');
    }
    await expect(log.proofOf(300)).rejects.toThrow(RangeError);
    await log.close();
  });

  it('proves entries under an older checkpoint whose tiles have been filled since', async () => {
    const log = await TileLog.open(folder, options);
    await log.append(entries(200));
    const older = readCheckpoint(log.checkpoint);
    await log.append(entries(100, 200));
    const newer = readCheckpoint(log.checkpoint);
    expect(await readdir(path.join(folder, 'tile/0'))).toEqual(['000', '001.p']);
    expect(isConsistent(older, newer, await log.consistencyPath(200))).toBe(true);
    expect(isConsistent(older, newer, await log.consistencyPath(199))).toBe(false);
    await log.close();
  });

  it('carries out calls one after another', async () => {
    const log = await TileLog.open(folder, options);
    const sizes = await Promise.all([1, 2, 3].map((count) => log.append(entries(count))));
    expect(sizes.map((text) => readCheckpoint(text).size)).toEqual([1, 3, 6]);
    await expect(log.append([new Uint8Array(65_536)])).rejects.toMatchObject({ code: 'QP6403' });
    await log.append([new Uint8Array(65_535)]);
    expect(log.size).toBe(7);
    await log.close();
  });

  it('has one writer', async () => {
    const log = await TileLog.open(folder, options);
    await expect(TileLog.open(folder, options)).rejects.toMatchObject({ code: 'QP6206' });
    await log.close();
    await (await TileLog.open(folder, options)).close();
  });

  it('is not continued under another name or key, or with damaged files', async () => {
    const log = await TileLog.open(folder, options);
    await log.append(entries(300));
    await log.close();
    const other = { origin: ORIGIN, signer: newSigner() };
    await expect(TileLog.open(folder, other)).rejects.toMatchObject({ code: 'QP6401' });
    await expect(TileLog.open(folder, { ...options, origin: 'x' })).rejects.toMatchObject({ code: 'QP6401' });
    for (const name of ['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44']) {
      const file = path.join(folder, name);
      const content = await readFile(file);
      for (const damaged of [content.subarray(1), Buffer.from(content).fill(0xff, 3, 4)]) {
        await writeFile(file, damaged);
        await expect(TileLog.open(folder, options)).rejects.toMatchObject({ code: 'QP6402' });
      }
      await rm(file);
      await expect(TileLog.open(folder, options)).rejects.toMatchObject({ code: 'QP6402' });
      await writeFile(file, content);
    }
    await (await TileLog.open(folder, options)).close();
  });

  it('goes on after a failed write only when it is opened again, from the published checkpoint', async () => {
    const log = await TileLog.open(folder, options);
    await log.append(entries(250));
    const [checkpoint, aside] = ['checkpoint', 'aside'].map((name) => path.join(folder, name));
    await rename(checkpoint!, aside!);
    // A folder in its place lets tiles be written, and no checkpoint.
    await mkdir(path.join(checkpoint!, 'x'), { recursive: true });
    await expect(log.append(entries(10, 1000))).rejects.toMatchObject({
      code: 'QP1008',
    });
    await rm(checkpoint!, { recursive: true });
    await rename(aside!, checkpoint!);
    await expect(log.append(entries(1))).rejects.toMatchObject({ code: 'QP6404' });
    await log.close();
    const again = await TileLog.open(folder, options);
    expect(again.size).toBe(250);
    await again.append(entries(10, 250));
    await again.close();
    const whole = await TileLog.open(path.join(folder, 'whole'), options);
    await whole.append(entries(260));
    await whole.close();
    const expected = await filesOf(path.join(folder, 'whole'));
    expect(await filesOf(folder)).toMatchObject(expected);
  });
});
