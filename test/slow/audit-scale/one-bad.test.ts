import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, expect, test } from 'vitest';
import { runAudit } from '#dist/audit/run-audit.js';
import { ManyRecords, nameOf } from '../../audit/support/many-records.ts';
import { withC } from '../../verify/support/points.ts';

const ASSETS = new URL('../../../dist/audit/report/assets/', import.meta.url);
const CHECKER = new URL('../../../dist/prover/proof-checker.js', import.meta.url).href;
const MOST = 10_000;
const RECORDS = Math.min(Number(process.env.RECORDS ?? MOST), MOST);
/** In the middle of a batch of proofs. */
const BAD = Math.floor(RECORDS * 0.7321);
const root = mkdtempSync(path.join(tmpdir(), 'one-bad-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function fill(folder: string): void {
  const many = new ManyRecords();
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'model.json'), many.modelText);
  let at = 0;
  for (const { name, text } of many.records(RECORDS)) {
    const record = JSON.parse(text);
    const written = at === BAD ? fileJson({ ...record, proof: withC(record.proof, 1n) }) : text;
    writeFileSync(path.join(folder, name), written);
    at += 1;
  }
}

test.runIf(process.env.QUIETPROOF_SLOW)(
  'one bad proof among many is found, natively as in JavaScript',
  async () => {
    const folder = path.join(root, 'records');
    fill(folder);
    const threads = availableParallelism();
    const written = new Map<string, Buffer>();
    for (const [how, asked] of Object.entries({ javascript: {}, native: { checker: CHECKER } })) {
      const out = path.join(root, how);
      const { findings } = await runAudit({ sources: [folder], threads, ...asked }, out, {
        pdf: false,
        assets: ASSETS,
      });
      expect(findings.totals).toMatchObject({ records: RECORDS, accepted: RECORDS - 1 });
      const wrong = findings.findings.filter(({ grade }) => grade === 'fault');
      expect(wrong).toMatchObject([{ kind: 'proof-fails', records: { listed: [{ path: nameOf(BAD) }] } }]);
      for (const name of ['findings.json', 'findings.csv']) {
        const bytes = readFileSync(path.join(out, name));
        expect(bytes.equals(written.get(name) ?? bytes), name).toBe(true);
        written.set(name, bytes);
      }
    }
  },
);
