import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { readCheckpoint } from '@quietproof/verify/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TileLog } from '../../../src/log/tile-log.ts';
import { Witness } from '../../../src/log/witness.ts';
import { witnessListener } from '../../../src/log/witness-listener.ts';
import { Cosigning } from '../../../src/server/serve/cosigning.ts';
import { TimestampFiles } from '../../../src/server/serve/timestamp-files.ts';
import { entries, newSigner, ORIGIN } from '../../log/support.ts';
import { until } from './support/until.ts';

let folder: string;
let log: TileLog;
const ending: (() => unknown)[] = [];
const signer = newSigner();
const failed: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'services-'));
  log = await TileLog.open(path.join(folder, 'log'), { origin: ORIGIN, signer });
  ending.push(() => log.close());
  failed.length = 0;
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ending.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A witness of its own, whose requests pass through `before`. */
async function witness(name: string, before: () => Promise<void> = async () => {}) {
  const own = newSigner(name, 'cosignature');
  const logs = new Map([[ORIGIN, [signer.key]]]);
  const opened = await Witness.open(path.join(folder, name), { signer: own, logs });
  ending.push(() => opened.close());
  const listener = witnessListener(opened);
  const url = await serve((request, response) => {
    void before().then(() => listener(request, response));
  });
  return { name, url, keys: [own.key] };
}

function cosigning(witnesses: Awaited<ReturnType<typeof witness>>[], more: object = {}): Cosigning {
  const made = new Cosigning({ witnesses, onFailure: (name) => failed.push(name), patience: 60, ...more });
  ending.push(() => made.close());
  return made;
}

async function grow(by: Cosigning, count: number): Promise<void> {
  await log.append(entries(count, log.size), (tree) => by.cosign(tree));
  by.published(log);
}

const signersOf = (checkpoint: string) => readCheckpoint(checkpoint).note.signatures.map(({ name }) => name);
const publishedNow = () => readFile(path.join(folder, 'log/checkpoint'), 'utf8');

describe('checkpoints', () => {
  it('are published with their cosignatures, so that no reader sees one without', async () => {
    const own = cosigning([await witness('w1'), await witness('w2')], { patience: 60_000 });
    for (const count of [1, 300, 5]) {
      await grow(own, count);
      expect(signersOf(await publishedNow()).sort()).toEqual([ORIGIN, 'w1', 'w2']);
    }
    expect(own.witnesses.map(({ entries: size }) => size)).toEqual([306, 306]);
    expect(own.checkpointFor(305)).toBe(log.checkpoint);
    expect(own.checkpointFor(306)).toBeUndefined();
  });

  it('do not wait for a witness that does not answer, and get its cosignature when it does', async () => {
    let answer = () => {};
    const answering = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const own = cosigning([await witness('w1'), await witness('slow', () => answering)]);
    await grow(own, 3);
    // That of the other may come in time or not; the late one cannot.
    expect(signersOf(log.checkpoint)).not.toContain('slow');
    answer();
    await own.settled(3);
    await until(() => (signersOf(log.checkpoint).length === 3 ? true : undefined));
    expect(await publishedNow()).toBe(log.checkpoint);
    expect(failed).toEqual([]);
  });

  it('give proofs the one that most have cosigned, also when the log has grown meanwhile', async () => {
    let answer = () => {};
    let answering = Promise.resolve();
    const own = cosigning([await witness('w1'), await witness('w2', () => answering)]);
    await grow(own, 3);
    await own.settled(3);
    answering = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await grow(own, 3);
    expect(readCheckpoint(own.checkpointFor(2)!).size).toBe(3);
    const proof = await log.proofOf(2, own.checkpointFor(2));
    expect(signersOf(proof.checkpoint)).toHaveLength(3);
    answer();
    await own.settled(6);
    expect(signersOf(own.checkpointFor(5)!).sort()).toEqual([ORIGIN, 'w1', 'w2']);
  });

  it('are published without the cosignature of a witness that fails, which is not waited for again', async () => {
    const broken = {
      name: 'gone',
      url: await serve((_, response) => response.writeHead(500).end()),
      keys: [],
    };
    const own = cosigning([broken], { patience: 60_000 });
    await grow(own, 1);
    await grow(own, 1);
    expect([failed, signersOf(log.checkpoint)]).toEqual([['gone'], [ORIGIN]]);
    await own.settled(2);
    expect(own.witnesses[0]).toMatchObject({ entries: 0, failures: 1 });
  });

  it('that stay the last are cosigned again, and nothing is written once the log is closed', async () => {
    const own = cosigning([await witness('w1')], { patience: 60_000, renewEvery: 20 });
    await grow(own, 1);
    const first = log.checkpoint;
    await until(() => (log.checkpoint === first ? undefined : true));
    expect(signersOf(log.checkpoint)).toEqual([ORIGIN, 'w1', 'w1']);
    const open = log;
    await open.close();
    const written = await publishedNow();
    expect(await open.publishSigned(open.checkpoint, `${open.checkpoint}${signer.signatureLine('x')}`)).toBe(
      false,
    );
    await expect(open.append(entries(1))).rejects.toMatchObject({ code: 'QP6404' });
    expect(await publishedNow()).toBe(written);
    log = await TileLog.open(path.join(folder, 'log'), { origin: ORIGIN, signer });
  });
});

it('a list of timestamps that is damaged is refused', async () => {
  const list = path.join(folder, 'log/timestamp/list');
  await mkdir(path.dirname(list));
  for (const text of ['x\n', '{}\n', '{"size":"1","time":2,"authority":"a"}\n', 'null\n']) {
    await writeFile(list, text);
    await expect(TimestampFiles.open(path.join(folder, 'log'))).rejects.toMatchObject({ code: 'QP6562' });
  }
});
