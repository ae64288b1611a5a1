import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type AuditRequest, auditSources } from '../../src/audit/run-audit.ts';
import { FolderSource } from '../../src/audit/sources/folder-source.ts';
import { STATE_FILE } from '../../src/audit/state/audit-state.ts';
import { Auditor } from './support/audit-of.ts';
import { ManyRecords, nameOf } from './support/many-records.ts';

const ASSETS = new URL('../../dist/audit/report/assets/', import.meta.url);
const root = mkdtempSync(path.join(tmpdir(), 'audit-state-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);

/** Four batches and a bit, of which only the first has records that take time. */
const RECORDS = 270;
const GOOD = 12;

function planted(): string {
  const many = new ManyRecords();
  const good = [...many.records(GOOD)];
  return auditor.folder({
    'model.json': many.modelText,
    ...Object.fromEntries(good.map(({ name, text }) => [name, text])),
    ...Object.fromEntries(
      Array.from({ length: RECORDS - GOOD }, (_, at) => [nameOf(GOOD + at), `damaged ${at}`]),
    ),
  });
}

/** Counts the records that are read. */
class CountingSource extends FolderSource {
  read = 0;

  override async *entries() {
    for await (const entry of super.entries()) {
      const read = () => {
        this.read += 1;
        return entry.read();
      };
      yield { ...entry, read };
    }
  }
}

let runs = 0;

async function audit(folder: string, out: string, asked: Partial<AuditRequest> = {}) {
  const source = new CountingSource(folder);
  const notes: string[] = [];
  const request = { sources: [folder], onNote: (text: string) => notes.push(text), ...asked };
  await auditSources(request, [source], out, { pdf: false, assets: ASSETS });
  return { read: source.read, notes };
}

/** An audit that ends after so many records, as if it had been killed. */
async function stopped(folder: string, after: number): Promise<string> {
  runs += 1;
  const out = path.join(root, `stopped-${runs}`);
  const onProgress = (done: number) => {
    if (done === after) throw new Error('stopped');
  };
  await expect(audit(folder, out, { onProgress })).rejects.toThrow('stopped');
  return out;
}

const findings = (out: string) =>
  ['findings.json', 'findings.csv'].map((name) => readFileSync(path.join(out, name), 'utf8'));

test('an audit that was stopped goes on, and finds the same; changed files are checked again', async () => {
  const folder = planted();
  const whole = path.join(root, 'whole');
  expect(await audit(folder, whole)).toEqual({ read: RECORDS, notes: [] });
  expect(existsSync(path.join(whole, STATE_FILE))).toBe(false);

  const out = await stopped(folder, 200);
  const known = await audit(folder, out);
  expect(known.read).toBe(RECORDS - 4 * 64);
  expect(known.notes).toEqual([expect.stringContaining('Goes on')]);
  expect(findings(out)).toEqual(findings(whole));
  expect(existsSync(path.join(out, STATE_FILE))).toBe(false);

  // The last line is torn, and something is behind it.
  const torn = await stopped(folder, 100);
  const state = path.join(torn, STATE_FILE);
  truncateSync(state, statSync(state).size - 9);
  appendFileSync(state, 'x\n');
  expect((await audit(folder, torn)).read).toBe(RECORDS - 64);
  expect(findings(torn)).toEqual(findings(whole));

  const others = await stopped(folder, 200);
  const asked = await audit(folder, others, { models: ['ab'.repeat(32)] });
  expect(asked.read).toBe(RECORDS);
  expect(asked.notes).toEqual([expect.stringContaining('other inputs')]);

  const changed = await stopped(folder, 200);
  appendFileSync(path.join(folder, nameOf(70)), ' ');
  expect((await audit(folder, changed)).read).toBe(RECORDS - 64);
  const modelChanged = await stopped(folder, 200);
  appendFileSync(path.join(folder, 'model.json'), ' ');
  expect((await audit(folder, modelChanged)).read).toBe(RECORDS);
  expect(findings(modelChanged)[0]).not.toBe(findings(changed)[0]);
});
