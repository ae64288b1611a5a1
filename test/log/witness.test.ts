import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {
  checkLogProof,
  checkpointText,
  checkWitnesses,
  type Hash,
  readCheckpoint,
  readNote,
} from '@quietproof/verify/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cosignLog } from '../../src/log/cosign-log.ts';
import { TileLog } from '../../src/log/tile-log.ts';
import { Witness, type WitnessAnswer } from '../../src/log/witness.ts';
import { type WitnessAddress, WitnessClient, type WitnessOutcome } from '../../src/log/witness-client.ts';
import { witnessListener } from '../../src/log/witness-listener.ts';
import { witnessRequestText } from '../../src/log/witness-request.ts';
import { entries, newSigner, ORIGIN } from './support.ts';

let folder: string;
const ending = new Set<() => Promise<unknown>>();
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'witness-'));
});
afterEach(async () => {
  for (const end of [...ending].reverse()) await end();
  ending.clear();
  await rm(folder, { recursive: true, force: true });
});

const signer = newSigner();
const own = newSigner('witness.example/w1', 'cosignature');
let clock = 1_700_000_000;
const logs = new Map([[ORIGIN, [signer.key]]]);

/** Closed once, by the test or after it. */
function closedAtEnd<T extends TileLog | Witness>(opened: T): T {
  const close = opened.close.bind(opened);
  const end = () => {
    ending.delete(end);
    return close();
  };
  ending.add(end);
  opened.close = end;
  return opened;
}

async function openLog(name: string, options = { origin: ORIGIN, signer }): Promise<TileLog> {
  const log = await TileLog.open(path.join(folder, name), options);
  return closedAtEnd(log);
}

async function openWitness(name = 'state', by = own): Promise<Witness> {
  const witness = await Witness.open(path.join(folder, name), { signer: by, logs, now: () => clock });
  return closedAtEnd(witness);
}

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ending.add(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const addressOf = (url: string, by = own, name = 'W1'): WitnessAddress => ({ name, url, keys: [by.key] });
const served = async (witness: Witness, by = own) =>
  addressOf(`${await serve(witnessListener(witness))}/prefix/`, by);
const codeOf = (outcome: WitnessOutcome | undefined) =>
  outcome !== undefined && 'error' in outcome ? outcome.error.code : 'cosigned';
const trustIn = (...witnesses: WitnessAddress[]) => ({
  origin: ORIGIN,
  keys: [signer.key],
  witnesses: {
    least: witnesses.length,
    of: witnesses.map(({ name, keys }) => ({ name, keys: keys.map((key) => ({ key })) })),
  },
});

describe('a log that asks witnesses', () => {
  it('publishes cosignatures, and proofs that carry them', async () => {
    const log = await openLog('log');
    const second = newSigner('other.example', 'cosignature');
    const witnesses = [
      await served(await openWitness()),
      addressOf(await serve(witnessListener(await openWitness('state-2', second))), second, 'W2'),
    ];
    const client = new WitnessClient(witnesses);
    const all = entries(600);
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 255],
      [255, 257],
      [257, 600],
    ] as const) {
      await log.append(all.slice(from, to));
      clock += 60;
      const { checkpoint, published, outcomes } = await cosignLog(log, client);
      expect(outcomes.map(codeOf)).toEqual(['cosigned', 'cosigned']);
      expect(published).toBe(true);
      expect(await readFile(path.join(folder, 'log/checkpoint'), 'utf8')).toBe(checkpoint);
      expect(log.checkpoint).toBe(checkpoint);
      const seen = checkWitnesses(readCheckpoint(checkpoint), trustIn(...witnesses), clock);
      expect(seen).toMatchObject({ existedBy: clock, largestAt: clock, sightings: [{}, {}] });
    }
    const inclusion = checkLogProof(await log.proofOf(3), all[3]!, {
      origin: ORIGIN,
      keys: [signer.key],
      witnesses: [],
    });
    expect(checkWitnesses(inclusion.checkpoint, trustIn(...witnesses), clock).sightings).toHaveLength(2);
  });

  it('is opened again with its cosigned checkpoint, by a client that knows nothing', async () => {
    const log = await openLog('log');
    await log.append(entries(300));
    const witness = await served(await openWitness());
    await cosignLog(log, new WitnessClient([witness]));
    await log.close();
    const again = await openLog('log');
    expect(readNote(again.checkpoint).signatures).toHaveLength(2);
    await again.append(entries(5, 300));
    // It asks with size 0, and is told 300.
    const { outcomes } = await cosignLog(again, new WitnessClient([witness]));
    expect(outcomes.map(codeOf)).toEqual(['cosigned']);
  });

  it('keeps of a witness that is asked again its first time and its last', async () => {
    const log = await openLog('log');
    await log.append(entries(10));
    const witness = await served(await openWitness());
    const client = new WitnessClient([witness]);
    const first = clock;
    for (let round = 0; round < 70; round += 1, clock += 60) await cosignLog(log, client);
    const checkpoint = readCheckpoint(log.checkpoint);
    expect(checkpoint.note.signatures).toHaveLength(3);
    expect(checkWitnesses(checkpoint, trustIn(witness), clock)).toMatchObject({
      existedBy: first,
      largestAt: clock - 60,
    });
    expect(() => log.publishSigned(log.checkpoint, log.checkpoint.replace('\n10\n', '\n9\n'))).toThrow(
      TypeError,
    );
  });

  it('may grow meanwhile: the checkpoint is then not published, and is good for proofs', async () => {
    const log = await openLog('log');
    const all = entries(400);
    await log.append(all.slice(0, 200));
    const witness = await openWitness();
    let grown = false;
    const url = await serve((request, response) => {
      const grow = grown ? Promise.resolve('') : log.append(all.slice(200));
      grown = true;
      void grow.then(() => witnessListener(witness)(request, response));
    });
    const { checkpoint, published, outcomes } = await cosignLog(log, new WitnessClient([addressOf(url)]));
    expect([published, codeOf(outcomes[0])]).toEqual([false, 'cosigned']);
    expect(readCheckpoint(log.checkpoint)).toMatchObject({ size: 400, note: { signatures: [{}] } });
    const proof = await log.proofOf(7, checkpoint);
    const policy = { origin: ORIGIN, keys: [signer.key], witnesses: [own.key] };
    expect(checkLogProof(proof, all[7]!, policy).checkpoint).toMatchObject({
      size: 200,
      cosignatures: [{ time: clock }],
    });
    await expect(log.proofOf(300, checkpoint)).rejects.toThrow(RangeError);
    await expect(log.consistencyPath(300, 200)).rejects.toThrow(RangeError);
  });

  it('gets no cosignature for another history of any length, nor for an old checkpoint', async () => {
    const [log, fork] = [await openLog('log'), await openLog('fork')];
    const client = new WitnessClient([await served(await openWitness())]);
    await log.append(entries(100));
    const old = log.checkpoint;
    await log.append(entries(100, 100));
    await fork.append(entries(200, 5000));
    expect((await cosignLog(log, client)).outcomes.map(codeOf)).toEqual(['cosigned']);
    expect((await cosignLog(fork, client)).outcomes.map(codeOf)).toEqual(['QP6407']);
    await fork.append(entries(100, 9000));
    expect((await cosignLog(fork, client)).outcomes.map(codeOf)).toEqual(['QP6407']);
    const path = (older: number) => log.consistencyPath(older, 100);
    expect((await client.cosign(old, path)).map(codeOf)).toEqual(['QP6406']);
    // The true history goes on.
    await log.append(entries(1));
    expect((await cosignLog(log, client)).outcomes.map(codeOf)).toEqual(['cosigned']);
  });

  it('gets none under another name or key', async () => {
    const client = new WitnessClient([await served(await openWitness())]);
    const elsewhere = await openLog('a', { origin: 'log.example/other', signer });
    const stolen = await openLog('b', { origin: ORIGIN, signer: newSigner() });
    for (const log of [elsewhere, stolen]) {
      expect((await cosignLog(log, client)).outcomes.map(codeOf)).toEqual(['QP6408']);
    }
  });

  const answering =
    (status: number, body: string, type = 'text/plain'): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
  const SIZE = 'text/x.tlog.size';
  const stranger = newSigner('witness.example/w1', 'cosignature');
  it.each<[string, RequestListener | undefined, string]>([
    ['is not there', undefined, 'QP6405'],
    ['answers too much', answering(200, 'x'.repeat(100_000)), 'QP6405'],
    ['sends the log elsewhere', (_, r) => void r.writeHead(307, { location: '/' }).end(), 'QP6405'],
    ['is overloaded', answering(503, ''), 'QP6410'],
    ['says that the request is bad', answering(400, ''), 'QP6410'],
    ['says a size without its type', answering(409, '3\n'), 'QP6409'],
    ['says no size', answering(409, '03\n', SIZE), 'QP6409'],
    ['says the size that was sent', answering(409, '0\n', SIZE), 'QP6407'],
    ['says a larger size', answering(409, '99999\n', SIZE), 'QP6406'],
    ['says nothing', answering(200, ''), 'QP6409'],
    ['says what is no signature', answering(200, 'hello\n'), 'QP6409'],
    ['names another size each time', sizes(), 'QP6410'],
  ])('names a witness that %s, and counts the others', async (_, listener, code) => {
    const log = await openLog('log');
    await log.append(entries(10));
    const good = await served(await openWitness());
    const url = listener === undefined ? 'http://127.0.0.1:1' : await serve(listener);
    const client = new WitnessClient([addressOf(url, own, 'bad'), good]);
    const { outcomes, published, checkpoint } = await cosignLog(log, client);
    expect(outcomes.map(codeOf)).toEqual([code, 'cosigned']);
    expect(outcomes[0]).toMatchObject({ witness: 'bad' });
    expect(published).toBe(true);
    expect(readNote(checkpoint).signatures).toHaveLength(2);
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['never ends', (_, response) => void response.writeHead(200).write('— ')],
  ])('does not wait for a witness that %s', async (_, listener) => {
    const log = await openLog('log');
    const client = new WitnessClient([addressOf(await serve(listener))], { timeout: 300 });
    expect((await cosignLog(log, client)).outcomes.map(codeOf)).toEqual(['QP6405']);
  });

  function sizes(): RequestListener {
    let size = 0;
    return (_, response) => {
      size += 1;
      response.writeHead(409, { 'content-type': SIZE }).end(`${size}\n`);
    };
  }

  it('takes over no line of another key, of another tree or without a time', async () => {
    const log = await openLog('log');
    await log.append(entries(10));
    const { text } = readNote(log.checkpoint);
    const other = checkpointText(ORIGIN, { size: 11, root: new Uint8Array(32) });
    const good = own.signatureLine(text, 5);
    const lines: [string, string][] = [
      [stranger.signatureLine(text, 5), 'QP6409'],
      [own.signatureLine(other, 5), 'QP6409'],
      [own.signatureLine(text, 0), 'QP6409'],
      [good.trimEnd(), 'QP6409'],
      [`\n${good}`, 'QP6409'],
      [stranger.signatureLine(text, 5) + good + stranger.signatureLine(text, 6), 'cosigned'],
    ];
    for (const [answer, code] of lines) {
      const client = new WitnessClient([addressOf(await serve(answering(200, answer)))]);
      const [outcome] = await client.cosign(log.checkpoint, async () => []);
      expect(codeOf(outcome)).toBe(code);
      if (code === 'cosigned') expect(outcome).toMatchObject({ lines: good, time: 5 });
    }
  });
});

describe('Witness', () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  async function grown() {
    const log = await openLog('log');
    await log.append(entries(100));
    const hundred = log.checkpoint;
    await log.append(entries(50, 100));
    const path = await log.consistencyPath(100, 150);
    const witness = await openWitness();
    const ask = (older: number, path: Hash[], checkpoint: string) =>
      witness.addCheckpoint(witnessRequestText({ older, path, checkpoint }));
    return { log, hundred, path, witness, ask };
  }
  const sized = (size: number): WitnessAnswer => ({
    status: 409,
    contentType: 'text/x.tlog.size',
    body: `${size}\n`,
  });

  it('answers as the protocol says', async () => {
    const { log, hundred, path, witness, ask } = await grown();
    expect(await ask(0, path, hundred)).toMatchObject({ status: 422 });
    expect(await ask(7, [], hundred)).toEqual(sized(0));
    expect(await ask(0, [], hundred)).toMatchObject({ status: 200 });
    expect(await ask(0, [], log.checkpoint)).toEqual(sized(100));
    expect(await ask(151, [], log.checkpoint)).toMatchObject({ status: 400 });
    expect(await ask(100, path.slice(1), log.checkpoint)).toMatchObject({ status: 422 });
    expect(await ask(100, [], log.checkpoint)).toMatchObject({ status: 422 });
    expect(await ask(100, path, log.checkpoint)).toMatchObject({ status: 200 });
    // The same tree again has a new time; an older one is refused.
    clock += 5;
    expect(await ask(150, [], log.checkpoint)).toMatchObject({ status: 200 });
    expect(await ask(100, [], hundred)).toEqual(sized(150));
    expect(await ask(150, path, log.checkpoint)).toMatchObject({ status: 422 });
    const unsigned = `${readNote(log.checkpoint).text}\n${own.signatureLine(readNote(log.checkpoint).text, 5)}`;
    expect(await ask(150, [], unsigned)).toMatchObject({ status: 403 });
    const text = checkpointText('unknown', readCheckpoint(hundred));
    expect(await ask(0, [], `${text}\n${signer.signatureLine(text)}`)).toMatchObject({ status: 404 });
    for (const body of [
      '',
      'old 0\n',
      `old 0\n\n`,
      `old 00\n\n${log.checkpoint}`,
      `old -1\n\n${log.checkpoint}`,
      `new 0\n\n${log.checkpoint}`,
      `old 150\nAAAA\n\n${log.checkpoint}`,
      `old 150\n${base64(path[0]!).replace('=', '')}\n\n${log.checkpoint}`,
      `old 150\n${`${base64(path[0]!)}\n`.repeat(64)}\n${log.checkpoint}`,
      `old 150\n\n${log.checkpoint.slice(0, -1)}`,
    ]) {
      expect(await witness.addCheckpoint(body)).toMatchObject({ status: 400 });
    }
  });

  it('does not cosign an empty log with another root', async () => {
    const { ask } = await grown();
    const text = checkpointText(ORIGIN, { size: 0, root: new Uint8Array(32) });
    expect(await ask(0, [], `${text}\n${signer.signatureLine(text)}`)).toMatchObject({ status: 422 });
  });

  it('remembers what it has cosigned, and its time, when it is opened again', async () => {
    const { log, hundred, path, witness, ask } = await grown();
    await ask(0, [], hundred);
    await witness.close();
    const before = clock;
    clock -= 1000;
    const again = await openWitness();
    const request = (older: number, path: Hash[]) =>
      again.addCheckpoint(witnessRequestText({ older, path, checkpoint: log.checkpoint }));
    expect(await request(0, [])).toEqual(sized(100));
    const { body } = await request(100, path);
    const seen = readCheckpoint(log.checkpoint + body);
    const [sighting] = checkWitnesses(seen, trustIn(addressOf('')), before).sightings;
    expect(sighting).toMatchObject({ first: before });
    clock = before;
  });

  it('cosigns one of two that arrive together, and nothing after its file was damaged', async () => {
    const { log, hundred, ask, witness } = await grown();
    const fork = await openLog('fork');
    await fork.append(entries(100, 700));
    const answers = await Promise.all([ask(0, [], hundred), ask(0, [], fork.checkpoint)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    const [file] = (await readdir(path.join(folder, 'state'))).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const state = path.join(folder, 'state', file!);
    const content = await readFile(state, 'utf8');
    for (const damaged of ['', content.replace('\n100\n', '\n10\n'), content.slice(0, -9)]) {
      await writeFile(state, damaged);
      await expect(ask(100, [], hundred)).rejects.toMatchObject({ code: 'QP6411' });
      const client = new WitnessClient([await served(witness)]);
      expect((await cosignLog(log, client)).outcomes.map(codeOf)).toEqual(['QP6410']);
    }
  });

  it('has one process, and a key for cosignatures', async () => {
    await openWitness();
    await expect(openWitness()).rejects.toMatchObject({ code: 'QP6206' });
    await expect(openWitness('other', newSigner())).rejects.toThrow(TypeError);
  });

  it('serves only its address, and no endless request', async () => {
    const url = await serve(witnessListener(await openWitness()));
    const status = async (address: string, init?: RequestInit) => (await fetch(address, init)).status;
    expect(await status(`${url}/add-checkpoint`)).toBe(405);
    expect(await status(`${url}/checkpoint`, { method: 'POST' })).toBe(404);
    const body = 'x'.repeat(200_000);
    expect(await status(`${url}/add-checkpoint`, { method: 'POST', body })).toBe(413);
  });
});
