import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drawnFrom, drawSample } from '../../src/audit/openings/draw-sample.ts';
import { parseOpenings } from '../../src/audit/openings/openings-asked.ts';
import { base } from '../conformance/materialise.ts';
import { TestBeacon } from '../verify/seal/support/beacon.ts';
import { tarGzOf, zipOf } from './support/archives.ts';
import { Auditor, numbered } from './support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-openings-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const names = ['label-a', 'label-b', 'credit-a', 'credit-b'];
const records = numbered(names);
const opening = (name: string) => base(`${name}.opening.json`, 'bundles-v2');
const openings = (of: readonly string[], folder: string) =>
  Object.fromEntries(of.map((name, at) => [`${folder}00000${at}.opening.json`, opening(name)]));

/** Draws again from what the files of an audit say, as an outsider would. */
function drawnAgain(csv: string, seed: string, count: number): string[] {
  const rows = csv.trimEnd().split('\r\n').slice(1);
  return rows
    .map((row) => row.split(','))
    .map(([, found = '', , , , , , identity = '']) => {
      const hash = createHash('sha256').update(Buffer.from(seed + identity, 'hex'));
      return { found, rank: hash.digest('hex') };
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ found }) => found)
    .sort();
}

describe('a sample of the inputs', () => {
  it('is drawn from the nonce, names what was drawn, and finds a wrong opening in it', async () => {
    const nonce = '5a'.repeat(16);
    const files = { ...records, ...openings(['label-b', 'label-a', 'credit-b'], 'private/') };
    const asked = { openings: { which: 'sample', count: 3, nonce } } as const;
    const folder = auditor.folder(files);
    const one = await auditor.auditFolders([folder], asked);
    const { sample, openings: which } = one.findings.scope;
    expect([which, sample?.of, sample?.nonce]).toEqual(['sample', 4, nonce]);
    expect(sample?.drawn.map((drawn) => drawn.path)).toEqual(drawnAgain(one.csv, sample!.seed, 3));
    // Each has the opening of another record, and the last has none.
    const expected = sample!.drawn.map(({ path: found }) =>
      found.startsWith('000003') ? 'missing' : 'fails',
    );
    expect(sample?.drawn.map((drawn) => drawn.opening)).toEqual(expected);
    expect(one.wrong).toEqual(['opening-fails']);
    const failing = expected.filter((result) => result === 'fails').length;
    expect(one.of('opening-fails').records.count).toBe(failing);
    expect(one.of('opening-missing').records.count).toBe(3 - failing);
    expect(one.findings.limits.join(' ')).toContain('1 record that were not drawn');
    const again = await auditor.auditFolders([folder], asked);
    expect(readFileSync(path.join(again.out, 'findings.json'))).toEqual(
      readFileSync(path.join(one.out, 'findings.json')),
    );
  });

  it('of an archive, with the openings in a folder of their own', async () => {
    const zip = path.join(root, 'records.zip');
    writeFileSync(zip, await zipOf(records));
    const given = auditor.folder(openings(names, ''));
    const { wrong, findings } = await auditor.auditFolders([zip], {
      openings: { which: 'sample', folders: [given] },
    });
    expect([wrong, findings.scope.sample?.of]).toEqual([[], 4]);
    expect(findings.scope.sample?.drawn.map((one) => one.opening)).toEqual(names.map(() => 'holds'));
    expect(findings.scope.sample?.nonce).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another one with another nonce or another final checkpoint', async () => {
    const log = {
      ...{ origin: 'log.example', size: 3, root: 'AA==', checkpoint: '', trusted: true },
      ...{ witnesses: [], timestamps: [], gaps: 0, answers: 3 },
    };
    const seeds = await Promise.all([
      drawnFrom([log], { nonce: 'ab'.repeat(16) }),
      drawnFrom([log], { nonce: 'ac'.repeat(16) }),
      drawnFrom([{ ...log, size: 4 }], { nonce: 'ab'.repeat(16) }),
    ]);
    expect(new Set(seeds.map(({ seed }) => seed)).size).toBe(3);
    const many = Array.from({ length: 1000 }, (_, place) => ({
      place,
      identity: createHash('sha256').update(`${place}`).digest(),
    }));
    const [one, other] = seeds.map(({ seed }) => drawSample(many, seed, 20).drawn.map(({ place }) => place));
    expect([one?.length, one?.toSorted((a, b) => a - b)]).toEqual([20, one]);
    expect(one).not.toEqual(other);
    expect(drawSample([...many].reverse(), seeds[0]!.seed, 20).drawn.map(({ place }) => place)).toEqual(one);
  });

  it('is drawn by the first round of a beacon after the final checkpoint', async () => {
    const beacon = new TestBeacon();
    const { chain } = beacon;
    const log = {
      ...{ origin: 'log.example', size: 3, root: 'AA==', checkpoint: '', trusted: true },
      ...{ witnesses: [{ name: 'W', time: '2023-11-14T22:14:21Z' }], timestamps: [], gaps: 0, answers: 3 },
      time: '2023-11-14T22:13:50Z',
    };
    const asked: number[] = [];
    const round = async (number: number) => {
      asked.push(number);
      return beacon.checked(number);
    };
    const from = await drawnFrom([log], { beacon: { chain, round } });
    // Round 1 comes out at 22:13:20, and one every 30 seconds: the third at 22:14:20, a second too early.
    expect([asked, from.beacon?.round, from.nonce]).toEqual([[4], 4, undefined]);
    const none = { beacon: { chain, round: async () => undefined } };
    await expect(drawnFrom([log], none)).rejects.toMatchObject({ code: 'QP6605' });
    const other = { beacon: { chain, round: async () => beacon.checked(5) } };
    await expect(drawnFrom([log], other)).rejects.toMatchObject({ code: 'QP6605' });
    await expect(drawnFrom([], { beacon: { chain, round } })).rejects.toMatchObject({ code: 'QP6605' });
  });
});

it('all inputs of two packed archives are opened, each by the openings of its own', async () => {
  const [one, other] = ['october.tgz', 'november.tgz'].map((name) => path.join(root, name));
  writeFileSync(one!, tarGzOf({ ...numbered(['label-a']), ...openings(['label-a'], 'private/') }));
  writeFileSync(other!, tarGzOf(numbered(['label-b'])));
  const given = auditor.folder(openings(['label-b'], 'november.tgz/'));
  const asked = { openings: { which: 'all', folders: [given] } } as const;
  const { wrong, of } = await auditor.auditFolders([one!, other!], asked);
  expect([wrong, of('openings-hold').records.count, of('opening-missing').grade]).toEqual([[], 2, 'pass']);
});

describe('what a command line says of openings', () => {
  it('is all, a sample, and folders', () => {
    expect(parseOpenings(['all'])).toEqual({ which: 'all' });
    expect(parseOpenings(['a', 'b'])).toEqual({ which: 'all', folders: ['a', 'b'] });
    expect(parseOpenings(['sample', 'a'])).toEqual({ which: 'sample', folders: ['a'] });
    expect(parseOpenings(['sample:7'], { nonce: 'ab'.repeat(16) })).toMatchObject({ count: 7 });
  });

  it.each([
    [['all', 'sample'], {}],
    [['sample', 'sample:3'], {}],
    [['sample:0'], {}],
    [['sample:10001'], {}],
    [['sample:x'], {}],
    [['sample:'], {}],
    [['all'], { nonce: 'ab'.repeat(16) }],
    [['sample'], { nonce: 'AB'.repeat(16) }],
    [['sample'], { nonce: 'ab'.repeat(15) }],
  ])('%j with %j is refused', (words, drawn) => {
    expect(() => parseOpenings(words, drawn)).toThrow(expect.objectContaining({ code: 'QP6605' }));
  });
});
