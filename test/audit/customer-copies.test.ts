import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WatchRecord } from '@quietproof/client';
import { openEnvelopeV2 } from '@quietproof/verify';
import { entryText } from '@quietproof/verify/seal';
import { afterAll, describe, expect, it } from 'vitest';
import { readExpected } from '../../src/audit/expected/read-expected.ts';
import { promiseSigner } from '../../src/log/promise-signer.ts';
import { LineFile } from '../../src/watch/store/line-file.ts';
import { trustWithLogs } from '../conformance/make/v2/trust/honest.ts';
import { keyOf } from '../conformance/make/v2/trust/signing.ts';
import { NONCE, ORIGIN, promised, START } from '../verify/seal/support/sealed.ts';
import { Auditor } from './support/audit-of.ts';
import { announcement, LogFolder, MODEL_ID, PlacedAnswer } from './support/log-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-copies-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const signer = promiseSigner('log.example', keyOf('log'));
const stranger = promiseSigner('log.example', keyOf('log-2'));
/** An hour of answers: what was promised within a minute is due. */
const [kept, lost, other] = [
  new PlacedAnswer(1),
  new PlacedAnswer(2, { time: START + 1 }),
  new PlacedAnswer(2, { time: START + 3600 }),
];
const log = new LogFolder([announcement(MODEL_ID), kept.entry, other.entry]);
const trusting = auditor.trusting({
  trust: JSON.stringify(trustWithLogs()),
  statements: [],
  at: '2026-11-27T12:00:00Z',
});

const BEGAN: WatchRecord[] = [
  { kind: 'watch', version: 'quietproof/watch/v1', upstream: 'https://a.example', since: START },
  { kind: 'log', origin: ORIGIN, keys: [] },
];

/** What a watch keeps of an answer that it got. */
function answer(
  { entry, index, bundle, modelId }: PlacedAnswer,
  more: object = {},
  by = signer,
): WatchRecord {
  const said = promised(entry as Parameters<typeof promised>[0], index, more);
  const { statementDigest: receiptId } = openEnvelopeV2(bundle.statement);
  const { includeBy, proveBy } = said;
  return {
    ...{ kind: 'answer', at: START, model: modelId, receiptId, index, entry: entryText(entry), includeBy },
    ...(proveBy !== undefined && { proveBy }),
    ...{ promise: by.sign(said), statement: bundle.statement, nonce: NONCE, context: '' },
  };
}

/** The folder of a watch, by the watch's own writer. */
async function copyOf(...records: WatchRecord[]): Promise<string> {
  const folder = auditor.folder({});
  const { lines } = await LineFile.open(path.join(folder, 'records.jsonl'));
  await lines.add([...BEGAN, ...records]);
  await lines.close();
  return folder;
}

describe('the copy of a customer', () => {
  it('is compared both ways: promised and not logged, and logged and unknown', async () => {
    const files = { ...(await log.files()), 'a.proof.json': await log.record(kept) };
    const source = auditor.folder(files);
    const copy = await copyOf(answer(kept), answer(lost));
    const { wrong, of, findings } = await auditor.auditFolders([source], { ...trusting, expected: [copy] });
    expect(wrong).toEqual(['answer-not-logged']);
    expect(of('answer-not-logged').records.listed).toEqual([
      {
        path: `receipt ${openEnvelopeV2(lost.bundle.statement).statementDigest}`,
        detail: `${copy}: promised as entry 2 of "${ORIGIN}", is nowhere in the log`,
      },
    ]);
    expect(of('logged-not-expected').records.listed).toEqual([
      { source: 0, path: 'entry 2 of log/checkpoint' },
    ]);
    expect(of('promise-not-signed').grade).toBe('pass');
    expect(findings.scope.expected).toMatchObject([{ kind: 'watch', name: copy, rows: 2 }]);
    // Another customer knows the other answer, of which the watch keeps no more than its place.
    const seen: WatchRecord = { kind: 'seen', receiptId: 'ab'.repeat(32), index: 2 };
    const both = [path.join(await copyOf(answer(kept)), 'records.jsonl'), await copyOf(seen)];
    const clean = await auditor.auditFolders([source], { ...trusting, expected: both });
    expect(clean.wrong).toEqual([]);
    const kinds = ['answer-not-logged', 'logged-not-expected'] as const;
    expect(kinds.map((kind) => clean.of(kind).grade)).toEqual(['pass', 'pass']);
  });

  it('shows nothing by what the log has not signed, or what is not due', async () => {
    const source = auditor.folder(await log.files());
    const later = new PlacedAnswer(9, { time: START + 2 });
    const asked = [answer(lost, {}, stranger), answer(later, { includeBy: START + 9000 })];
    const one = await auditor.auditFolders([source], { ...trusting, expected: [await copyOf(...asked)] });
    expect(one.wrong).toEqual([]);
    expect(one.of('promise-not-signed').records.count).toBe(1);
    expect(one.of('answer-not-logged')).toMatchObject({ grade: 'open' });
    // A promise of something else.
    const changed = { ...answer(lost), promise: (answer(kept) as { promise: object }).promise };
    const copy = await copyOf(changed as WatchRecord);
    const two = await auditor.auditFolders([source], { ...trusting, expected: [copy] });
    expect([two.wrong, two.of('promise-not-signed').records.count]).toEqual([[], 1]);
  });

  it('says which proofs are owed', async () => {
    const source = auditor.folder(await log.files());
    const copy = await copyOf(answer(kept, { proveBy: START + 60 }), answer(other, { proveBy: START + 4e7 }));
    const { wrong, of } = await auditor.auditFolders([source], { expected: [copy] });
    expect(wrong).toEqual(['expected-missing']);
    const { statementDigest } = openEnvelopeV2(kept.bundle.statement);
    expect(of('expected-missing').records.listed).toEqual([{ path: 'row 1', detail: statementDigest }]);
  });

  it('that ends within a line is read until there; one that is damaged is refused', async () => {
    const file = path.join(await copyOf(answer(kept), answer(lost)), 'records.jsonl');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, -9));
    expect((await readExpected([file])).rows.length).toBe(1);
    for (const bad of [whole.replace('"index":1', '"index":3'), whole.slice(9), '', 'path']) {
      writeFileSync(file, bad);
      await expect(readExpected([path.dirname(file)])).rejects.toMatchObject({ code: 'QP6601' });
    }
  });
});
