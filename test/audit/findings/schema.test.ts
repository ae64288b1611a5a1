import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Auditor, caseOf, findingsSchema, numbered, record } from '../support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'findings-schema-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);

describe('the schema of findings', () => {
  const clean = numbered(['label-a', 'label-b']);

  test('admits what audits write', async () => {
    const list = path.join(auditor.folder({ 'list.csv': 'context\norder 1\n' }), 'list.csv');
    const { record: sealed, trusting } = caseOf('seal/pass');
    const results = [
      await auditor.audit({}),
      await auditor.audit(
        { ...clean, '9.proof.json': record('label-a'), 'x.proof.json': 'x' },
        {
          expected: [list],
          openings: { which: 'sample', count: 1, nonce: '00'.repeat(16) },
          period: { from: '2026-10-01T00:00:00Z', to: '2026-10-31T23:59:59Z' },
        },
      ),
      await auditor.audit({ 'a.proof.json': sealed }, auditor.trusting(trusting())),
    ];
    expect(results.at(-1)!.findings.logs).not.toEqual([]);
    for (const { out } of results) {
      const findings = JSON.parse(readFileSync(path.join(out, 'findings.json'), 'utf8'));
      expect(findingsSchema.safeParse(findings).error?.issues).toBeUndefined();
    }
  });

  test('refuses other forms', async () => {
    const { findings } = await auditor.audit(clean);
    const [first, ...rest] = findings.findings;
    const wrong = [
      { ...findings, version: 'quietproof/findings/v2' },
      { ...findings, made: '2026-11-28T00:00:00Z' },
      { ...findings, totals: { ...findings.totals, accepted: -1 } },
      { ...findings, findings: [{ ...first, grade: 'good' }, ...rest] },
      { ...findings, findings: [{ ...first, notMean: '' }, ...rest] },
      { ...findings, models: [{ ...findings.models[0], modelId: 'x' }] },
    ];
    expect(findingsSchema.safeParse(findings).success).toBe(true);
    for (const one of wrong) expect(findingsSchema.safeParse(one).success).toBe(false);
  });
});
