import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, expect, test } from 'vitest';
import { runAudit } from '#dist/audit/run-audit.js';
import { withC } from '../verify/support/points.ts';
import { Auditor } from './support/audit-of.ts';
import { ManyRecords, nameOf } from './support/many-records.ts';

const ASSETS = new URL('../../dist/audit/report/assets/', import.meta.url);
const CHECKER = new URL('../../dist/prover/proof-checker.js', import.meta.url).href;
const root = mkdtempSync(path.join(tmpdir(), 'audit-threads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);

const GOOD = 40;
/** Enough for threads to be started. */
const DAMAGED = 240;

/** Records that hold, and one of each kind that does not, in two folders. */
function mixed(): Record<string, string> {
  const many = new ManyRecords();
  const good = [...many.records(GOOD)];
  const last = JSON.parse(good.at(-1)!.text);
  const forged = { ...last, proof: withC(last.proof, 1n) };
  return {
    'model.json': many.modelText,
    ...Object.fromEntries(good.slice(0, -1).map(({ name, text }) => [name, text])),
    [nameOf(GOOD - 1)]: fileJson(forged),
    'b/model.json': many.modelText,
    'b/copy.proof.json': good[3]!.text,
    'b/other-row.proof.json': fileJson({ ...JSON.parse(good[4]!.text), row: { index: 77 } }),
    'b/truncated.proof.json': good[5]!.text.slice(0, 900),
    'b/swapped.proof.json': fileJson({ ...JSON.parse(good[6]!.text), proof: last.proof }),
    'c/no-model.proof.json': good[7]!.text,
    ...Object.fromEntries(Array.from({ length: DAMAGED }, (_, at) => [`d/${at}.proof.json`, 'x'])),
  };
}

test('threads and the native check find what one thread finds in JavaScript, byte for byte', async () => {
  const folder = auditor.folder(mixed());
  const one = await auditor.auditFolders([folder]);
  expect(one.findings.totals).toMatchObject({
    records: GOOD + 5 + DAMAGED,
    accepted: GOOD + 1,
    duplicates: 2,
  });
  expect(one.of('proof-fails').records.listed.map(({ path: name }) => name)).toEqual([
    nameOf(GOOD - 1),
    'b/swapped.proof.json',
  ]);
  const asked = [{ threads: 2 }, { threads: 2, checker: CHECKER }, { threads: 1, checker: CHECKER }];
  for (const [at, how] of asked.entries()) {
    const out = path.join(root, `out-threads-${at}`);
    await runAudit({ sources: [folder], ...how }, out, { pdf: false, assets: ASSETS });
    for (const name of ['findings.json', 'findings.csv']) {
      const same = readFileSync(path.join(out, name)).equals(readFileSync(path.join(one.out, name)));
      expect(same, `${name} with ${JSON.stringify(how)}`).toBe(true);
    }
  }
});
