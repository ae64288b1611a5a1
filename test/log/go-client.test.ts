import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteKeyText, readCheckpoint } from '@quietproof/verify/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TileLog } from '../../src/log/tile-log.ts';
import { buildGo, GO } from './go.ts';
import { entries, newSigner, ORIGIN } from './support.ts';

const SOURCE = fileURLToPath(new URL('go-client', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'go-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A proof in the form of the Go program. */
const base64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64');

describe.skipIf(GO === undefined)('the client of Go’s checksum database', () => {
  const signer = newSigner();
  const log = () => path.join(folder, 'log');
  let client: string;

  beforeAll(() => {
    client = path.join(folder, 'client');
    buildGo(SOURCE, client);
  }, 300_000);

  function ask(question: object) {
    const input = JSON.stringify({
      Folder: log(),
      Origin: ORIGIN,
      Key: noteKeyText(signer.key),
      ...question,
    });
    const { status, stdout, stderr } = spawnSync(client, { input, encoding: 'utf8' });
    return status === 0 ? JSON.parse(stdout) : stderr;
  }

  it('reads the log, accepts its proofs, and makes the same ones', async () => {
    const writer = await TileLog.open(log(), { origin: ORIGIN, signer });
    const all = entries(70_000);
    const older: { Size: number; Root: string }[] = [];
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 256],
      [256, 257],
      [257, 66_000],
      [66_000, 70_000],
    ] as const) {
      await writer.append(all.slice(from, to));
      older.push({ Size: to, Root: base64(readCheckpoint(writer.checkpoint).root) });
    }
    const indices = [0, 1, 255, 256, 257, 65_535, 65_536, 69_999];
    const Inclusions = await Promise.all(
      indices.map(async (index) => ({
        Index: index,
        Entry: base64(all[index]!),
        Path: (await writer.proofOf(index)).path.map(base64),
      })),
    );
    const Consistencies = await Promise.all(
      older.map(async (one) => ({ ...one, Path: (await writer.consistencyPath(one.Size)).map(base64) })),
    );
    await writer.close();
    expect(ask({ Inclusions, Consistencies })).toEqual({
      size: 70_000,
      inclusions: indices.length,
      consistencies: older.length,
      cosigned: {},
    });
    expect(ask({ Inclusions: [{ ...Inclusions[2], Index: 254 }] })).toMatch(/inclusion of 254/);
    expect(ask({ Origin: 'other' })).toMatch(/no checkpoint of other/);
    expect(ask({ Key: noteKeyText(newSigner().key) })).toMatch(/no verifiable signatures/);
  });

  it('reads cosignatures with transparency-dev’s code, and refuses the same ones', async () => {
    const writer = await TileLog.open(log(), { origin: ORIGIN, signer });
    const [ada, bo, stranger] = ['ada.example/w', 'bo.example', 'ada.example/w'].map((name) =>
      newSigner(name, 'cosignature'),
    );
    const { text } = readCheckpoint(writer.checkpoint).note;
    const lines = [ada!.signatureLine(text, 1_700_000_000), bo!.signatureLine(text, 1_700_000_060)];
    const publish = (more: string) => writer.publishSigned(writer.checkpoint, writer.checkpoint + more);
    await publish(lines.join('') + stranger!.signatureLine(text, 5));
    const Witnesses = [ada!, bo!].map(({ key }) => noteKeyText(key));
    expect(ask({ Witnesses }).cosigned).toEqual({
      'ada.example/w': 1_700_000_000,
      'bo.example': 1_700_000_060,
    });
    await writer.append(entries(1));
    // Of the tree before.
    await publish(lines[0]!);
    await writer.close();
    expect(ask({ Witnesses })).toMatch(/invalid signature/);
  });
});
