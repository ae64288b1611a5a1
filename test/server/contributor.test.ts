/** A contributor service on loopback, in this process, and whom and what it turns away. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withPoints } from '../../src/ceremony/carrier-key.ts';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import { checkCeremonyKey } from '../../src/ceremony/check-ceremony-key.ts';
import { type RoundRequest, type RoundStatus, roundPath } from '../../src/ceremony/rounds/round-types.ts';
import { pointsOfKey, readPoints } from '../../src/formats/points-file.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { type RunningContributor, runContributor } from '../../src/server/contributor/run-contributor.ts';
import { RoundClient } from '../../src/setup/ceremony-round/round-client.ts';
import { signatureHeaders } from '../../src/sign/http-signature.ts';
import { readSigningKey, type SigningKey, writeNewKeys } from '../../src/sign/signing-key.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

const r1cs = networkLikeR1cs(2, 4, 2, 1);
const MAX_BYTES = 1 << 20;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptau: string;
let initial: Uint8Array;
let bank: SigningKey;
let stranger: SigningKey;
let running: RunningContributor;
const at = (...parts: string[]) => path.join(folder.path, ...parts);

const start = () =>
  runContributor(at('service'), {
    name: 'Ada',
    key: at('ada.pem'),
    producers: at('producers.json'),
    ptau: [ptau],
    host: '127.0.0.1',
    port: 0,
    maxBytes: MAX_BYTES,
    keepDays: 1,
  });

beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 4);
  initial = (await ceremonySetup(readR1cs(r1cs), r1cs, ptau)).zkey;
  for (const name of ['ada', 'bank', 'stranger']) await writeNewKeys(at(`${name}.pem`));
  [bank, stranger] = [await readSigningKey(at('bank.pem')), await readSigningKey(at('stranger.pem'))];
  const trust = {
    version: 'quietproof/trust/v1',
    parties: { Bank: { role: 'producer', keys: [{ key: bank.public, state: 'active' }] } },
    rules: [{ what: 'release', least: 1, by: ['Bank'] }],
  };
  await writeFile(at('producers.json'), JSON.stringify(trust));
  running = await start();
});
afterAll(async () => {
  await running.close();
  await folder.remove();
  await release();
});

const digestOf = (content: Uint8Array) => createHash('sha256').update(content).digest();
const described = (content: Uint8Array) => ({
  sha256: digestOf(content).toString('hex'),
  bytes: content.length,
});
const newId = () => randomBytes(16).toString('hex');
const client = (key = bank) => new RoundClient(running.address, { key, attempts: 1 });

async function finished(id: string, from: RoundClient): Promise<RoundStatus> {
  for (;;) {
    const status = await from.status(id);
    if (status.state !== 'queued' && status.state !== 'working') return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function done(id: string, request: RoundRequest, file: Uint8Array): Promise<Uint8Array> {
  const own = client();
  await own.announce(id, request);
  if (request.r1cs !== undefined) await own.upload(id, 'r1cs', r1cs);
  await own.upload(id, 'file', file);
  expect(await finished(id, own)).toMatchObject({ state: 'done' });
  return own.result(id, 'returned', MAX_BYTES);
}

const predicateOf = async (id: string) => {
  const { payload } = JSON.parse(Buffer.from(await client().result(id, 'statement', MAX_BYTES)).toString());
  return JSON.parse(Buffer.from(payload, 'base64').toString()).predicate;
};

interface Sent {
  readonly method?: string;
  readonly key?: SigningKey;
  readonly to?: string;
  readonly created?: number;
  readonly nonce?: string;
  readonly signedPath?: string;
  readonly content?: Uint8Array;
  readonly digest?: Uint8Array;
  readonly headers?: Record<string, string>;
}

/** A request as somebody else would write it. */
async function send(requestPath: string, sent: Sent = {}) {
  const { method = 'GET', key = bank, to = running.keyId, content } = sent;
  const digest = sent.digest ?? (content === undefined ? undefined : digestOf(content));
  const signed = { method, path: sent.signedPath ?? requestPath, to, ...(digest && { digest }) };
  const { created = Math.floor(Date.now() / 1000), nonce = newId() } = sent;
  const answer = await fetch(new URL(requestPath, running.address), {
    method,
    headers: {
      ...signatureHeaders(signed, key, { created, nonce }),
      ...(content && {
        'content-type': requestPath.endsWith('file') ? 'application/octet-stream' : 'application/json',
      }),
      ...sent.headers,
    },
    ...(content && { body: Buffer.from(content) }),
  });
  const { code } = (await answer.json()) as { code?: string };
  return { status: answer.status, code };
}

describe('whom it lets in', () => {
  const round = roundPath('ab'.repeat(16));

  it('tells anybody who it is', async () => {
    expect(await client(stranger).info()).toMatchObject({
      name: 'Ada',
      keyId: running.keyId,
      maxBytes: MAX_BYTES,
    });
    const other = new RoundClient(`${running.address}/#${'0'.repeat(64)}`, { key: bank });
    await expect(other.info()).rejects.toMatchObject({ code: 'QP6522' });
  });

  it('a producer that it knows', async () => {
    expect(await send(round)).toEqual({ status: 404, code: 'QP6506' });
  });

  it('nobody else, and no request twice, or late, or for another', async () => {
    const now = Math.floor(Date.now() / 1000);
    const nonce = newId();
    const cases: ReadonlyArray<readonly [Sent, number, string]> = [
      [{ key: stranger }, 403, 'QP6502'],
      [{ to: 'ab'.repeat(32) }, 401, 'QP6501'],
      [{ signedPath: `${round}/returned` }, 403, 'QP6502'],
      [{ created: now - 301 }, 401, 'QP6503'],
      [{ created: now + 330 }, 401, 'QP6503'],
      [{ nonce }, 404, 'QP6506'],
      [{ nonce }, 401, 'QP6503'],
      [{ headers: { signature: 'sig=:AAAA:' } }, 401, 'QP6501'],
      [{ headers: { 'signature-input': 'sig=("@method");created=1' } }, 401, 'QP6501'],
      [{ headers: { 'content-digest': `sha-256=:${'A'.repeat(43)}=:` } }, 401, 'QP6501'],
    ];
    for (const [sent, status, code] of cases) expect(await send(round, sent)).toEqual({ status, code });
    const bare = await fetch(new URL(round, running.address));
    expect(bare.status).toBe(401);
  });

  it('with the content that was signed', async () => {
    const content = Buffer.from(JSON.stringify({ kind: 'key', file: described(initial) }));
    const put = { method: 'PUT', content };
    expect(await send(round, { ...put, digest: digestOf(Buffer.from('other')) })).toMatchObject({
      code: 'QP6504',
    });
    for (const bad of ['{}', '[]', 'x', '{"kind":"zip","file":{"sha256":"","bytes":1}}']) {
      expect(await send(round, { method: 'PUT', content: Buffer.from(bad) })).toMatchObject({
        status: 400,
        code: 'QP6505',
      });
    }
    expect(await send(round, { method: 'PUT', content: Buffer.alloc(5000) })).toMatchObject({ status: 413 });
  });
});

describe('a round', () => {
  it('of a whole key with circuit and phase 1: it compares, and says so', async () => {
    const id = newId();
    const { blake2b } = (await client().info()).phase1[0]!;
    const request = {
      kind: 'key',
      file: described(initial),
      r1cs: described(r1cs),
      phase1: blake2b,
    } as const;
    const key = await done(id, request, initial);
    const files = { file: 'key', r1cs: readR1cs(r1cs), r1csBytes: r1cs, ptau };
    expect((await checkCeremonyKey({ key, ...files })).state).toBe('ready');
    expect(await predicateOf(id)).toMatchObject({ index: 1, checked: { phase1: { blake2b } } });
  });

  it('of points alone gives the same contribution as often as it is asked for', async () => {
    const [id, points] = [newId(), pointsOfKey(readZkey(initial))];
    const request = { kind: 'points', file: described(points) } as const;
    const returned = await done(id, request, points);
    expect(await done(id, request, points)).toEqual(returned);
    await running.close();
    running = await start();
    expect(await done(id, request, points)).toEqual(returned);
    expect(readZkey(withPoints(initial, returned, 'x')).transcript.contributions).toHaveLength(1);
    const predicate = await predicateOf(id);
    expect(predicate.checked).toBeUndefined();
    const { c, h } = readPoints(points, 'x');
    expect(predicate.points.received).toMatchObject({ c: c.length / 64, h: h.length / 64 });
    // One entry each, in a chain.
    const names = await readdir(at('service', 'record'));
    expect(names).toHaveLength(2);
    const second = JSON.parse(await readFile(at('service', 'record', names.sort()[1]!), 'utf8'));
    const first = await readFile(at('service', 'record', names[0]!));
    expect(second).toMatchObject({ index: 2, producer: 'Bank', previous: digestOf(first).toString('hex') });
    // Another content under the same id would need another secret.
    const other = { ...request, file: described(initial) };
    await expect(client().announce(id, other)).rejects.toMatchObject({ code: 'QP6522' });
    expect(await client().forget(id)).toEqual({ state: 'gone' });
    expect(await client().announce(id, request)).toEqual({ state: 'gone' });
    await expect(client().result(id, 'returned', MAX_BYTES)).rejects.toMatchObject({ code: 'QP6522' });
  });

  it('is not begun with a part of a file, or with another one', async () => {
    const id = newId();
    const own = client();
    await own.announce(id, { kind: 'key', file: described(initial) });
    const file = roundPath(id, 'file');
    const cut = { method: 'PUT', content: initial.subarray(0, -1), digest: digestOf(initial) };
    expect(await send(file, cut)).toMatchObject({ status: 400, code: 'QP6504' });
    const long = {
      method: 'PUT',
      content: Buffer.concat([initial, Buffer.alloc(1)]),
      digest: digestOf(initial),
    };
    expect((await send(file, long)).status).toBe(400);
    expect(await send(file, { method: 'PUT', content: Buffer.from('other') })).toMatchObject({
      code: 'QP6508',
    });
    expect(await own.status(id)).toEqual({ state: 'awaiting', awaits: ['file'] });
    await own.forget(id);
  });

  it('is refused for its size, for a phase 1 that is not there, and while too many are open', async () => {
    const file = described(initial);
    const refused = [
      { kind: 'key', file: { ...file, bytes: MAX_BYTES + 1 } },
      { kind: 'points', file, phase1: 'ab'.repeat(64) },
    ] as const;
    for (const request of refused) {
      await expect(client().announce(newId(), request)).rejects.toMatchObject({ code: 'QP6522' });
    }
    const open = [newId(), newId(), newId(), newId()];
    for (const id of open) await client().announce(id, { kind: 'key', file });
    await expect(client().announce(newId(), { kind: 'key', file })).rejects.toThrow('QP6510');
    for (const id of open) await client().forget(id);
  });

  it('is not begun where its folder cannot be made, and takes no place among those that are open', async () => {
    const [id, file] = [newId(), described(initial)];
    const inTheWay = at('service', 'rounds', `${bank.id.slice(0, 16)}-${id}`);
    await writeFile(inTheWay, '');
    const twice = [
      client().announce(id, { kind: 'key', file }),
      client().announce(id, { kind: 'key', file }),
    ];
    for (const { status } of await Promise.allSettled(twice)) expect(status).toBe('rejected');
    await expect(client().status(id)).rejects.toThrow('QP6506');
    await rm(inTheWay);
    const other = [newId(), newId(), newId()];
    for (const one of other) await client().announce(one, { kind: 'key', file });
    expect((await done(id, { kind: 'key', file }, initial)).length).toBeGreaterThan(0);
    for (const one of [id, ...other]) await client().forget(one);
  });

  it('ends with why, where a point is not in its group, H is of another phase 1, or the circuit is another', async () => {
    const { blake2b } = (await client().info()).phase1[0]!;
    const outside = Uint8Array.from(initial);
    readZkey(outside).h[0]! ^= 1;
    const points = Uint8Array.from(pointsOfKey(readZkey(initial)));
    const { h } = readPoints(points, 'x');
    h.copyWithin(0, 64, 128);
    const other = networkLikeR1cs(2, 4, 1, 1);
    const cases: ReadonlyArray<readonly [RoundRequest, Uint8Array, Uint8Array | undefined, string]> = [
      [{ kind: 'key', file: described(outside) }, outside, undefined, 'QP50'],
      [{ kind: 'points', file: described(points), phase1: blake2b }, points, undefined, 'QP5024'],
      [
        { kind: 'key', file: described(initial), r1cs: described(other), phase1: blake2b },
        initial,
        other,
        'QP5021',
      ],
    ];
    for (const [request, file, circuit, code] of cases) {
      const [id, own] = [newId(), client()];
      await own.announce(id, request);
      if (circuit !== undefined) await own.upload(id, 'r1cs', circuit);
      await own.upload(id, 'file', file);
      const status = await finished(id, own);
      expect(status).toMatchObject({ state: 'failed', code: expect.stringContaining(code) });
    }
  });
});

describe('the folder of a service', () => {
  it('is for one process', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'QP6206' });
  });

  it('is not opened with a changed record, nor with a list that names nobody', async () => {
    await running.close();
    const file = at('service', 'record', '00000001.json');
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.replace('Bank', 'Bonk'));
    await expect(start()).rejects.toMatchObject({ code: 'QP6513' });
    await writeFile(file, content);
    const producers = await readFile(at('producers.json'), 'utf8');
    await writeFile(
      at('producers.json'),
      producers.replace('"active"', '"retired","since":"2026-01-01T00:00:00Z"'),
    );
    await expect(start()).rejects.toMatchObject({ code: 'QP6512' });
    await writeFile(at('producers.json'), producers);
    await mkdir(at('service', 'rounds', 'left'), { recursive: true });
    running = await start();
  });
});
