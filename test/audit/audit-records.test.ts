import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, describe, expect, it } from 'vitest';
import { FINDING_KINDS, type FindingKind } from '../../src/audit/findings/finding-kinds.ts';
import { base } from '../conformance/materialise.ts';
import { MixedModel, mixedInterface, OUTPUTS, publicMixed } from '../verify/support/mixed-model.ts';
import { Auditor, caseOf, numbered, record, renumbered } from './support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const MODEL: string = JSON.parse(base('label-a.opening.json', 'bundles-v2')).modelId;
const clean = numbered(['label-a', 'label-b']);
const opening = (name: string) => base(`${name}.opening.json`, 'bundles-v2');

/** The record with another name for its model: its id no longer follows from its parts. */
function renamed(name: string): string {
  const bundle = JSON.parse(record(name));
  bundle.model.interface.name = 'another';
  return fileJson(bundle);
}

/** With the proof of another record. */
function swapped(name: string, other: string): string {
  const bundle = JSON.parse(record(name));
  return fileJson({ ...bundle, proof: JSON.parse(record(other)).proof });
}

describe('a folder without fault', () => {
  it('has none, whatever is asked', async () => {
    const list = path.join(
      auditor.folder({ 'list.csv': 'path\n000000.proof.json\n000001.proof.json\n' }),
      'list.csv',
    );
    const files = {
      ...clean,
      'notes.txt': 'x',
      'private/000000.opening.json': opening('label-a'),
      'private/000001.opening.json': opening('label-b'),
    };
    const asked = { models: [MODEL], expected: [list], openings: { which: 'all' as const } };
    const { wrong, of, findings } = await auditor.audit(files, asked);
    expect(wrong).toEqual([]);
    expect(findings.totals).toMatchObject({ records: 2, accepted: 2, refused: 0, unreadable: 0, models: 1 });
    const passed: FindingKind[] = [
      ...(['proofs-hold', 'proof-fails', 'record-contradicts-itself', 'damaged-file', 'not-a-file'] as const),
      ...([
        'foreign-model',
        'contradicting-answers',
        'copied-record',
        'resealed-record',
        'missing-rows',
      ] as const),
      ...([
        'row-claims-differ',
        'expected-missing',
        'not-expected',
        'opening-fails',
        'openings-hold',
      ] as const),
    ];
    expect(passed.filter((kind) => of(kind).grade !== 'pass')).toEqual([]);
  });

  it('leaves open what was not asked or cannot be checked, and says why', async () => {
    const { findings, of } = await auditor.audit(clean);
    expect(findings.findings.map(({ kind }) => kind)).toEqual(Object.keys(FINDING_KINDS));
    const open: FindingKind[] = [
      ...(['foreign-model', 'model-not-vouched-for', 'key-compromised', 'answer-after-retirement'] as const),
      ...(['expected-missing', 'not-expected', 'other-context', 'opening-fails', 'openings-hold'] as const),
      ...(['log-entries-missing', 'log-damaged', 'log-forked', 'log-clock', 'log-entry-repeated'] as const),
      ...(['log-not-trusted', 'sealed-elsewhere', 'logged-without-record', 'answer-not-announced'] as const),
      ...([
        'model-changed',
        'timestamp-fails',
        'time-confirmed',
        'time-not-confirmed',
        'development-key',
      ] as const),
    ];
    for (const kind of open) {
      expect([kind, of(kind).grade]).toEqual([kind, 'open']);
      expect(of(kind).result).not.toBe('');
    }
  });

  it('gives the same bytes again, and a line of the table for each record', async () => {
    const folder = auditor.folder(clean);
    const [one, other] = [await auditor.auditFolders([folder]), await auditor.auditFolders([folder])];
    for (const name of ['findings.json', 'findings.csv', 'report.html']) {
      expect(readFileSync(path.join(one.out, name))).toEqual(readFileSync(path.join(other.out, name)));
    }
    expect(one.csv.trimEnd().split('\r\n')).toHaveLength(3);
  });

  it('without records answers nothing', async () => {
    const { findings } = await auditor.audit({ 'notes.txt': 'x' });
    expect(new Set(findings.findings.map(({ grade }) => grade))).toEqual(new Set(['open']));
  });
});

it('what was only asked of accepted records is open where there is none', async () => {
  const { wrong, of } = await auditor.audit({ 'a.proof.json': 'no record' }, { models: [MODEL] });
  expect(wrong).toEqual(['damaged-file']);
  const open = (['proofs-hold', 'foreign-model', 'development-key', 'copied-record'] as const).map(
    (kind) => of(kind).grade,
  );
  expect(open).toEqual(['open', 'open', 'open', 'open']);
});

describe('a planted fault is found, and no other', () => {
  const bad = '000001.proof.json';
  const planted: readonly (readonly [FindingKind, Readonly<Record<string, string>>, readonly string[]])[] = [
    ['proof-fails', { ...clean, [bad]: swapped('label-b', 'label-a') }, [bad]],
    ['record-contradicts-itself', { ...clean, [bad]: renamed('label-b') }, [bad]],
    ['damaged-file', { ...clean, [bad]: record('label-b').slice(0, -20) }, [bad]],
    [
      'resealed-record',
      { ...clean, '000002.proof.json': caseOf('identity/resealed').record },
      ['000002.proof.json'],
    ],
    [
      'missing-rows',
      { ...clean, '000004.proof.json': renumbered('credit-a', 4) },
      ['000002.proof.json', '000003.proof.json'],
    ],
  ];
  it.each(planted)('%s', async (kind, files, where) => {
    const { wrong, of } = await auditor.audit(files);
    expect(wrong).toEqual([kind]);
    expect(of(kind).records.listed.map(({ path: found }) => found)).toEqual(where);
    expect(of(kind).records.count).toBe(where.length);
  });

  it('foreign-model', async () => {
    const { wrong, of, findings } = await auditor.audit(
      { ...clean, 'x.proof.json': record('credit-a') },
      { models: [MODEL] },
    );
    expect(wrong).toEqual(['foreign-model']);
    expect(of('foreign-model').codes).toEqual(['QP7601']);
    expect(findings.totals).toMatchObject({ accepted: 2, refused: 1 });
  });

  it('a foreign record whose proof fails too is not said to hold', async () => {
    const files = { ...clean, 'x.proof.json': swapped('credit-a', 'credit-b') };
    expect((await auditor.audit(files, { models: [MODEL] })).wrong).toEqual(['proof-fails']);
  });

  it('not-a-file: links, circles and pipes are named and not opened', async () => {
    const folder = auditor.folder(clean);
    symlinkSync(folder, path.join(folder, 'circle'));
    symlinkSync(path.join(folder, '000000.proof.json'), path.join(folder, '000002.proof.json'));
    execFileSync('mkfifo', [path.join(folder, '000003.proof.json')]);
    const { wrong, of, findings } = await auditor.auditFolders([folder]);
    expect(wrong).toEqual(['not-a-file']);
    expect(of('not-a-file').records.listed.map(({ path: found }) => found)).toEqual([
      '000002.proof.json',
      '000003.proof.json',
      'circle',
    ]);
    expect(findings.totals).toMatchObject({ records: 4, accepted: 2, unreadable: 2 });
  });

  it('record-incomplete: a thin record without its model', async () => {
    const { model, ...thin } = JSON.parse(record('label-b'));
    const { of, wrong } = await auditor.audit({
      ...clean,
      '000001.proof.json': fileJson(thin),
    });
    expect([wrong, model !== undefined]).toEqual([[], true]);
    expect(of('record-incomplete')).toMatchObject({ grade: 'open', codes: ['QP7101'] });
  });

  it('copied-record: a copy is counted once', async () => {
    const { wrong, of, findings } = await auditor.audit({
      ...clean,
      'more/copy.proof.json': clean['000000.proof.json']!,
    });
    expect(wrong).toEqual([]);
    expect(of('copied-record')).toMatchObject({ grade: 'difference', records: { count: 1 } });
    expect(findings.totals.duplicates).toBe(1);
  });

  it('a record with its model in it is read like another, and is a copy of the thin one', async () => {
    const files = { ...clean, '000001.packed.json': clean['000001.proof.json']! };
    const { wrong, of, findings } = await auditor.audit(files);
    expect([wrong, findings.totals.records, findings.totals.duplicates]).toEqual([[], 3, 1]);
    expect(of('copied-record').records.listed[0]?.path).toBe('000001.proof.json');
  });

  it('row-claims-differ', async () => {
    const { of } = await auditor.audit({ ...clean, '000001.proof.json': renumbered('label-b', 9) });
    expect(of('row-claims-differ').records.listed).toEqual([
      { source: 0, path: '000001.proof.json', detail: 'claims number 9' },
    ]);
  });

  it('contradicting-answers: two answers of one model to one input are evidence', async () => {
    const model = new MixedModel();
    const [signals, other] = [model.signals(), model.signals()];
    other[0] = OUTPUTS[0] === 1n ? 0n : 1n;
    const text = (one: bigint[]) => fileJson(model.bundle(one));
    const { wrong, of } = await auditor.audit({ 'a.proof.json': text(signals), 'b.proof.json': text(other) });
    expect(wrong).toEqual(['contradicting-answers']);
    expect(of('contradicting-answers')).toMatchObject({ grade: 'evidence', records: { count: 2 } });
    const one = text(signals);
    const copies = await auditor.audit({ 'a.proof.json': one, 'b.proof.json': one });
    expect(copies.wrong).toEqual([]);
  });

  it('version-difference: other answers of another model to one sealed input may differ', async () => {
    const [one, other] = [
      new MixedModel(),
      new MixedModel({ interface: { ...mixedInterface, name: 'newer' } }),
    ];
    const signals = other.signals();
    signals[0] = OUTPUTS[0] === 1n ? 0n : 1n;
    const files = { 'a.proof.json': fileJson(one.bundle()), 'b.proof.json': fileJson(other.bundle(signals)) };
    const { wrong, of } = await auditor.audit(files);
    expect(wrong).toEqual([]);
    expect(of('version-difference')).toMatchObject({ grade: 'difference', records: { count: 2 } });
  });

  it('indistinguishable-records: equal open inputs without a number of their own', async () => {
    const model = new MixedModel({ interface: publicMixed });
    const files = { 'a.proof.json': fileJson(model.bundle()), 'b.proof.json': fileJson(model.bundle()) };
    const { wrong, of, findings } = await auditor.audit(files);
    expect([wrong, findings.totals.duplicates]).toEqual([[], 1]);
    expect(of('indistinguishable-records')).toMatchObject({ grade: 'pass', records: { count: 1 } });
  });

  it('opening-fails', async () => {
    const files = { ...clean, 'private/000000.opening.json': opening('label-b') };
    const { wrong, of } = await auditor.audit(files, { openings: { which: 'all' } });
    expect(wrong).toEqual(['opening-fails']);
    expect(of('openings-hold').grade).toBe('open');
  });
});

describe('the list of expected answers', () => {
  const listed = (text: string) => path.join(auditor.folder({ 'list.csv': text }), 'list.csv');

  it('is compared both ways', async () => {
    const expected = listed('path\n000000.proof.json\n000007.proof.json\n');
    const { wrong, of } = await auditor.audit(clean, { expected: [expected] });
    expect(wrong).toEqual(['expected-missing']);
    expect(of('expected-missing').records.listed).toEqual([{ path: 'row 2', detail: '000007.proof.json' }]);
    expect(of('not-expected').records.listed.map(({ path: found }) => found)).toEqual(['000001.proof.json']);
  });

  it('finds records by id and by context, and a record that was made for something else', async () => {
    const model = new MixedModel();
    const order = new TextEncoder().encode('order 7');
    const files = { 'a.proof.json': fileJson(model.inContext(order)) };
    const one = await auditor.audit(files, { expected: [listed('context\norder 7\n')] });
    expect([one.wrong, one.of('expected-missing').grade, one.of('not-expected').grade]).toEqual([
      [],
      'pass',
      'pass',
    ]);
    const other = await auditor.audit(files, { expected: [listed('path,context\na.proof.json,order 8\n')] });
    expect(other.wrong).toEqual(['other-context']);
  });

  it('does not take a record that is refused', async () => {
    const files = { ...clean, '000001.proof.json': swapped('label-b', 'label-a') };
    const expected = listed('path\n000000.proof.json\n000001.proof.json\n');
    expect((await auditor.audit(files, { expected: [expected] })).wrong).toEqual([
      'proof-fails',
      'expected-missing',
    ]);
  });

  it.each(['name\nx\n', 'path\n', 'record\nabc\n', 'path,context\n,\n', 'path\n"x\n'])(
    '%j is refused',
    async (text) => {
      await expect(auditor.audit(clean, { expected: [listed(text)] })).rejects.toMatchObject({
        code: 'QP6601',
      });
    },
  );
});

it('a record alone is no source', async () => {
  const file = path.join(auditor.folder(clean), '000000.proof.json');
  await expect(auditor.auditFolders([file])).rejects.toMatchObject({ code: 'QP6602' });
});
