import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readCheckpoint } from '@quietproof/verify/log';
import { readCertificates } from '@quietproof/verify/timestamp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TileLog } from '../../../src/log/tile-log.ts';
import { Witness } from '../../../src/log/witness.ts';
import { witnessListener } from '../../../src/log/witness-listener.ts';
import { Cosigning } from '../../../src/server/serve/cosigning.ts';
import { Timestamping } from '../../../src/server/serve/timestamping.ts';
import { entries, newSigner, ORIGIN } from '../../log/support.ts';
import { OpensslAuthority } from '../../verify/timestamp/openssl.ts';
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

describe('timestamps', () => {
  const REPLY = { 'content-type': 'application/timestamp-reply' };

  it('are asked for once in a while, kept beside the log, and hold for openssl', async () => {
    const tsa = new OpensslAuthority();
    ending.push(() => tsa.remove());
    for (const name of ['root', 'leaf']) tsa.newKey(name, 'p256');
    tsa.issue('root', 'root');
    tsa.issue('leaf', 'leaf', 'root');
    let asked = 0;
    const url = await serve(async (request, response) => {
      asked += 1;
      response.writeHead(200, REPLY).end(tsa.answer('leaf', await buffer(request)));
    });
    const trust = { roots: readCertificates(tsa.pem('root')) };
    const gone = { name: 'gone', url: await serve((_, response) => response.writeHead(500).end()), trust };
    const options = {
      folder: path.join(folder, 'log'),
      authorities: [{ name: 'tsa.example:8080', url, trust }, gone],
      every: 3_600_000,
      clock: Date.now,
      onFailure: (name: string) => failed.push(name),
    };
    const own = await Timestamping.open(options);
    own.published(log);
    await log.append(entries(4));
    own.published(log);
    await own.authorities[0]!.settled(4);
    await log.append(entries(4, 4));
    own.published(log);
    await own.close();
    const list = path.join(folder, 'log/timestamp/list');
    const lines = (await readFile(list, 'utf8')).trim().split('\n');
    const [listed] = lines.map((line) => JSON.parse(line));
    expect(lines).toHaveLength(1);
    expect(listed).toMatchObject({ size: 4, authority: 'tsa.example:8080' });
    const checkpoint = await readFile(path.join(list, '..', listed.checkpoint), 'utf8');
    await writeFile(tsa.file('text'), readCheckpoint(checkpoint).note.text);
    const verified = tsa.run(
      ...['ts', '-verify', '-data', 'text', '-CAfile', 'root.pem'],
      ...['-in', path.join(list, '..', listed.timestamp)],
    );
    expect(verified.toString()).toContain('OK');
    expect([asked, failed]).toEqual([1, ['gone']]);
    // Opened again, it knows when it asked last.
    const again = await Timestamping.open(options);
    again.published(log);
    expect(again.authorities[0]).toMatchObject({ entries: 4 });
    await again.close();
    expect(asked).toBe(1);
    await writeFile(list, 'x\n');
    await expect(Timestamping.open(options)).rejects.toMatchObject({ code: 'QP6562' });
  });
});
