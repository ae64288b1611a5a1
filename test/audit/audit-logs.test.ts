import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { trustWithLogs } from '../conformance/make/v2/trust/honest.ts';
import { START } from '../verify/seal/support/sealed.ts';
import { MixedModel, mixedInterface } from '../verify/support/mixed-model.ts';
import { Auditor, type Files } from './support/audit-of.ts';
import { announcement, LogFolder, MODEL_ID, PlacedAnswer } from './support/log-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-logs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const [first, second] = [new PlacedAnswer(1), new PlacedAnswer(2, { time: START + 60 })];
const announced = announcement(MODEL_ID);
const log = new LogFolder([announced, first.entry, second.entry]);
const A = 'a.proof.json';

const trusting = auditor.trusting({
  trust: JSON.stringify(trustWithLogs()),
  statements: [],
  at: '2026-11-27T12:00:00Z',
});

/** A log with the records of both answers. Only the log is trusted, so that records hold and are not accepted. */
async function whole(own = log): Promise<Files> {
  return { ...(await own.files()), [A]: await own.record(first), 'b.proof.json': await own.record(second) };
}

describe('a log that was handed in', () => {
  it('is in order: read whole, and compared with the records both ways', async () => {
    const { wrong, of, findings } = await auditor.audit(await whole());
    expect(wrong).toEqual([]);
    expect(findings.logs).toMatchObject([
      { size: 3, answers: 2, unproved: 0, gaps: 0, consistent: true, trusted: false },
    ]);
    const kinds = [
      'log-entries-missing',
      'log-damaged',
      'log-forked',
      'log-clock',
      'log-entry-repeated',
      'sealed-elsewhere',
      'logged-without-record',
      'answer-not-announced',
      'record-not-logged',
    ] as const;
    expect(kinds.map((kind) => of(kind).grade)).toEqual(kinds.map(() => 'pass'));
    expect(findings.models[0]).toMatchObject({ version: '1.0', announced: '2026-11-18T11:06:40Z' });
    expect(findings.timeline[0]).toMatchObject({ what: 'announced' });
    expect(of('log-not-trusted').records.count).toBeGreaterThan(0);
  });

  it('that is damaged, cut off, repeats an answer or goes back in time is found', async () => {
    const files = await whole();
    const bundle = 'log/tile/entries/000.p/3';
    const text = Buffer.from(files[bundle]!);
    const damaged = {
      ...files,
      [bundle]: Buffer.from(text.toString('latin1').replace('"m"', '"n"'), 'latin1'),
    };
    const one = await auditor.audit(damaged);
    expect(one.wrong).toEqual(['log-damaged']);
    expect(one.findings.logs[0]?.consistent).toBe(false);
    const cut = await auditor.audit({ ...files, [bundle]: text.subarray(0, -5) });
    expect(cut.wrong).toContain('log-damaged');
    const odd = new LogFolder([announced, first.entry, first.entry, { ...announced, time: START - 1 }]);
    const found = await auditor.audit({ ...(await odd.files()), [A]: await odd.record(first) });
    expect(found.wrong).toEqual(['log-clock', 'log-entry-repeated']);
  });

  it('whose first entries are missing is found, however much of it is there', async () => {
    const { 'log/tile/entries/000.p/3': _, ...files } = await whole();
    const { wrong, of, findings } = await auditor.audit(files);
    expect(wrong).toEqual(['log-damaged']);
    expect(of('log-damaged').records.listed[0]?.detail).toBe('entries from 0 on cannot be read');
    expect(findings.logs[0]).toMatchObject({ size: 3, gaps: 3, answers: 0, consistent: false });
    // A checkpoint that somebody kept is no log.
    const lone = await auditor.audit({ 'kept/checkpoint': await log.checkpoint() });
    expect([lone.wrong, lone.findings.logs]).toEqual([[], []]);
  });

  it('an answer without an announcement, and one after its model was retired', async () => {
    const other = new MixedModel({ interface: { ...mixedInterface, name: 'newer' } });
    const newer = new PlacedAnswer(1, { model: other });
    const retiring = announcement(newer.modelId, { retires: [MODEL_ID] });
    const none = new LogFolder([retiring, first.entry]);
    const one = await auditor.audit({ ...(await none.files()), [A]: await none.record(first) });
    expect(one.wrong).toEqual(['answer-not-announced']);
    const third = new PlacedAnswer(3);
    const after = new LogFolder([announced, first.entry, retiring, third.entry]);
    const two = await auditor.audit({
      ...(await after.files()),
      [A]: await after.record(third),
    });
    expect(two.wrong).toEqual(['answer-after-retirement']);
    expect(two.findings.models[0]?.retired).toBe('2026-11-18T11:06:40Z');
    // Nobody has to prove every answer: it is counted, and open.
    expect(two.of('logged-without-record')).toMatchObject({ grade: 'open', records: { count: 1 } });
  });

  it('in which a record is elsewhere, or is not', async () => {
    const lone = new LogFolder([announced, first.entry]);
    const another = new PlacedAnswer(1);
    const record = await new LogFolder([announced, another.entry]).record(another);
    const elsewhere = await auditor.audit({ ...(await log.files()), [A]: record });
    expect(elsewhere.wrong).toContain('sealed-elsewhere');
    const { sidecars: _, ...unplaced } = JSON.parse(await log.record(second));
    const { of } = await auditor.audit({ ...(await lone.files()), [A]: JSON.stringify(unplaced) });
    expect(of('record-not-logged').records.count + of('damaged-file').records.count).toBe(1);
  });
});

describe('several checkpoints of one log', () => {
  it('of one history are in order, whatever their sizes', async () => {
    const older = new LogFolder([announced, first.entry]);
    const files = {
      ...(await whole()),
      'kept/checkpoint': await older.checkpoint(),
      'more/a.proof.json': await older.record(first),
    };
    const { wrong, findings } = await auditor.audit(files, trusting);
    expect(wrong).toEqual([]);
    expect(findings.logs[0]).toMatchObject({ size: 3, consistent: true, trusted: true });
  });

  it('of two histories are evidence of a fork: in another source, and of another size', async () => {
    const forked = new LogFolder([announced, second.entry]);
    const [one, other] = [
      auditor.folder(await whole()),
      auditor.folder({ 'seen/checkpoint': await forked.checkpoint() }),
    ];
    const { wrong, of, findings } = await auditor.auditFolders([one, other], trusting);
    expect(wrong).toEqual(['log-forked']);
    expect(of('log-forked')).toMatchObject({
      grade: 'evidence',
      records: { listed: [{ source: 1, path: 'seen/checkpoint' }] },
    });
    expect(findings.logs[0]?.consistent).toBe(false);
  });

  it('of which nobody trusts the key show damage, and are no evidence', async () => {
    const forked = new LogFolder([announced, second.entry]);
    const { wrong } = await auditor.audit({
      ...(await whole()),
      'seen/checkpoint': await forked.checkpoint(),
    });
    expect(wrong).toEqual(['log-damaged']);
  });

  it('of which one counts more entries than were handed in: they are missing', async () => {
    const older = new LogFolder([announced, first.entry]);
    const files = { ...(await older.files()), [A]: await log.record(first) };
    const { wrong, of, findings } = await auditor.audit(files, trusting);
    expect(wrong).toEqual(['log-entries-missing']);
    expect([of('log-entries-missing').records.count, findings.logs[0]?.gaps]).toEqual([1, 1]);
  });
});
