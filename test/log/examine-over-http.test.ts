import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { noteKeyText, tilePath } from '@quietproof/verify/log';
import { ENTRY_VERSION, entryBytes, firstRoundFrom, isDrawn, type LogEntry } from '@quietproof/verify/seal';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noteSigner } from '../../src/log/note-signer.ts';
import { TileLog } from '../../src/log/tile-log.ts';
import { runHere } from '../cli/support/run-here.ts';
import { TestBeacon } from '../verify/seal/support/beacon.ts';
import { answerEntry, LogKey, ORIGIN, promised, START } from '../verify/seal/support/sealed.ts';

const beacon = new TestBeacon();
const { chain } = beacon;
const DELAY = 20;
const policy = { prove: 'sample', sample: { share: '0.1', delay: DELAY, beacon: chain.hash } } as const;
const round = firstRoundFrom(chain, START + DELAY);
const leafOf = (n: number) => createHash('sha256').update(`answer ${n}`).digest('hex');
const answerAt = (n: number) => answerEntry(leafOf(n), START, { beacon: chain.hash, round });
const ANSWERS = 599;
const written: readonly LogEntry[] = [
  {
    version: ENTRY_VERSION,
    kind: 'model',
    time: START,
    modelId: 'ab'.repeat(32),
    name: 'credit',
    modelVersion: '1',
    policy: { ...policy, within: 600, retention: 86_400 },
  },
  ...Array.from({ length: ANSWERS }, (_, i) => answerAt(i + 1)),
];
const BUNDLES = 3;

const key = new LogKey();
let folder: string;
let server: Server;
let url: string;
/** What was asked for, and what is sent instead of a file, once for each value. */
let asked: string[];
let instead: Map<string, (Uint8Array | undefined)[]>;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'over-http-'));
  const signer = noteSigner(ORIGIN, 'note', key.privateKey);
  const log = await TileLog.open(at('log'), { origin: ORIGIN, signer });
  await log.append(written.map(entryBytes));
  await log.close();
  server = createServer(async ({ url: own = '' }, response) => {
    asked.push(own);
    const replaced = instead.get(own)?.shift();
    const found = replaced ?? (await readFile(at(`log${own}`)).catch(() => undefined));
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bank = { role: 'producer', keys: [{ key: publicKeyText(), state: 'active' }] };
  const trust = {
    version: 'quietproof/trust/v1',
    parties: { Bank: bank },
    rules: [{ what: 'release', least: 1, by: ['Bank'] }],
    logs: [{ origin: ORIGIN, operator: 'Bank', keys: [noteKeyText(signer.key)] }],
  };
  await writeFile(at('trust.json'), JSON.stringify(trust));
  const { nodeInfo: info } = beacon;
  await writeFile(at('beacon.json'), JSON.stringify({ info, rounds: [beacon.round(round)] }));
  await writeFile(at('early.json'), JSON.stringify({ info, rounds: [] }));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  [asked, instead] = [[], new Map()];
});

function publicKeyText(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

const bundlePath = (index: number) =>
  `/${tilePath({ level: 'entries', index, width: index < BUNDLES - 1 ? 256 : (ANSWERS + 1) % 256 })}`;
const timeText = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000', '');
const draws = (now: number, rounds = 'beacon.json') =>
  runHere([
    ...['log', 'draws', url, '--trust', at('trust.json'), '--beacon', at(rounds)],
    ...['--at', timeText(now), '--json'],
  ]);

const LATE = START + 7200;

describe('log draws over HTTP', () => {
  it('draws what the round draws, and reads each bundle twice, one after another', async () => {
    const { code, stdout } = await draws(START + 120);
    expect(code).toBe(0);
    const { audit, size } = JSON.parse(stdout);
    const { randomness } = beacon.checked(round);
    const drawn = written.flatMap((entry, index) => {
      const draw = { origin: ORIGIN, index, entry: entryBytes(entry), randomness, share: '0.1' };
      return entry.kind === 'answer' && isDrawn(draw) ? [index] : [];
    });
    expect(drawn.length).toBeGreaterThan(30);
    expect(audit.drawn.map(({ index }: { index: number }) => index)).toEqual(drawn);
    expect({ size, answers: audit.answers, faults: audit.faults }).toEqual({
      size: ANSWERS + 1,
      answers: ANSWERS,
      faults: [],
    });
    const bundles = Array.from({ length: BUNDLES }, (_, i) => bundlePath(i));
    expect(asked).toEqual(['/checkpoint', ...bundles, ...bundles]);
  });

  it('names what was drawn and not proved when it is due, and rounds that are missing', async () => {
    const late = await draws(LATE);
    expect(late.code).toBe(1);
    const { audit } = JSON.parse(late.stdout);
    expect(new Set(audit.faults.map((fault: { code: string }) => fault.code))).toEqual(new Set(['QP7757']));
    expect(audit.faults).toHaveLength(audit.drawn.length);
    const missing = await draws(LATE, 'early.json');
    expect(missing.code).toBe(2);
    expect(JSON.parse(missing.stdout).audit).toMatchObject({ wanted: [round], drawn: [] });
  });

  it.each([
    ['the first', [0]],
    ['only the second', [1]],
  ])('refuses entries that are not those of the checkpoint, at %s reading', async (_, [reading]) => {
    const own = new Uint8Array(await readFile(at(`log${bundlePath(1)}`)));
    const changed = Buffer.from(
      Buffer.from(own).toString('latin1').replace(leafOf(300), leafOf(9999)),
      'latin1',
    );
    const sent: (Uint8Array | undefined)[] = [undefined, undefined];
    sent[reading!] = changed;
    instead.set(bundlePath(1), sent);
    expect(await draws(LATE)).toMatchObject({ code: 2, stderr: expect.stringContaining('QP6541') });
  });

  it('refuses a log of which a bundle is missing or cut off, or that is away', async () => {
    instead.set(bundlePath(2), [new Uint8Array(3)]);
    expect((await draws(LATE)).stderr).toContain('QP7709');
    const gone = await runHere([
      ...['log', 'draws', `${url}/elsewhere`, '--trust', at('trust.json')],
      ...['--beacon', at('beacon.json')],
    ]);
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('QP6540') });
  });
});

describe('log evidence over HTTP', () => {
  const evidence = async (promise: object) => {
    await writeFile(at('promise.json'), JSON.stringify(promise));
    return runHere([
      ...['log', 'evidence', at('promise.json'), '--trust', at('trust.json'), '--log', url],
      ...['--at', timeText(LATE), '--out', at('found'), '--json'],
    ]);
  };
  const promiseOf = (n: number, index: number) => key.signer.sign(promised(answerAt(n), index));

  it('shows nothing against a log that has what was promised, and that it has something else instead', async () => {
    const kept = await evidence(promiseOf(300, 300));
    expect(kept).toMatchObject({ code: 0, stderr: '' });
    expect(asked.filter((name) => name === bundlePath(0))).toHaveLength(1);
    const replaced = await evidence(promiseOf(9999, 300));
    expect(replaced.code).toBe(1);
    const [shown] = JSON.parse(replaced.stdout).shown;
    expect(JSON.stringify(shown)).toContain('replaced');
    const again = await runHere([
      ...['log', 'evidence', at('found/evidence-1-replaced.json'), '--trust', at('trust.json')],
      ...['--at', timeText(LATE)],
    ]);
    expect(again.code).toBe(1);
  });

  it('doubts a log that is shorter than what it has promised', async () => {
    const { code, stdout } = await evidence(promiseOf(9999, ANSWERS + 5));
    expect(code).toBe(1);
    expect(JSON.parse(stdout).doubts).toMatchObject([{ kind: 'overdue', index: ANSWERS + 5 }]);
  });
});
