import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
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

/** Ends itself after 200 records, without any time to put things in order. */
const KILLED = `
const { runAudit } = await import(process.argv[1]);
const onProgress = (done) => done === 200 && process.kill(process.pid, 'SIGKILL');
await runAudit({ sources: [process.argv[2]], onProgress }, process.argv[3], { pdf: false });`;

/** An audit whose process was killed. */
function killed(folder: string): string {
  const out = path.join(root, 'killed');
  const audit = new URL('../../dist/audit/run-audit.js', import.meta.url).href;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', KILLED, audit, folder, out]);
  expect(signal).toBe('SIGKILL');
  return out;
}

const findings = (out: string) =>
  ['findings.json', 'findings.csv'].map((name) => readFileSync(path.join(out, name), 'utf8'));

test('an audit that was stopped goes on, and finds the same; changed files are checked again', async () => {
  const folder = planted();
  const whole = path.join(root, 'whole');
  expect(await audit(folder, whole)).toEqual({ read: RECORDS, notes: [] });
  expect(existsSync(path.join(whole, STATE_FILE))).toBe(false);

  const out = killed(folder);
  expect(readdirSync(out).filter((name) => name.endsWith('.tmp'))).toHaveLength(1);
  const known = await audit(folder, out);
  expect(known.read).toBe(RECORDS - 4 * 64);
  expect(known.notes).toEqual([expect.stringContaining('Goes on')]);
  expect(findings(out)).toEqual(findings(whole));
  expect(readdirSync(out).sort()).toEqual(['findings.csv', 'findings.json', 'report.html']);

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

test('a folder into which nothing can be written is found before anything is checked', async () => {
  const folder = auditor.folder({ 'a.proof.json': 'x' });
  const file = path.join(root, 'file');
  writeFileSync(file, '');
  const source = new CountingSource(folder);
  for (const out of [file, path.join(file, 'report')]) {
    const audit = auditSources({ sources: [folder] }, [source], out, { pdf: false, assets: ASSETS });
    await expect(audit).rejects.toMatchObject({ code: expect.stringMatching(/^QP(1008|80)/) });
  }
  expect(source.read).toBe(0);
});
