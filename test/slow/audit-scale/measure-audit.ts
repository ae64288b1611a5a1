// Audits records that are made for it, and prints what that takes:
//   measure-audit.js [records]          a folder of so many, natively and in JavaScript
//   measure-audit.js [records] stream   so many as they are made, natively: nothing is on disk but the findings
// Each audit is a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditRequest, AuditResult } from '../../../src/audit/run-audit.ts';
import type { AuditSource, FoundEntry } from '../../../src/audit/sources/audit-source.ts';
import { ManyRecords, nameOf } from '../../audit/support/many-records.ts';

/** Not bundled: threads are started by file name. */
const DIST = new URL('../../../dist/', import.meta.url);
const CHECKER = new URL('prover/proof-checker.js', DIST).href;

interface RunAudit {
  runAudit(request: AuditRequest, out: string, options: { pdf: boolean }): Promise<AuditResult>;
  auditSources(
    request: AuditRequest,
    sources: readonly AuditSource[],
    out: string,
    options: { pdf: boolean },
  ): Promise<AuditResult>;
}

/** Records that exist as long as they are read, in their order. */
class MadeSource implements AuditSource {
  readonly kind = 'folder';
  readonly name = 'made';
  readonly evidence = { checkpoints: [], timestamps: [], logs: new Set<string>() };
  readonly #many = new ManyRecords();
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async *entries(): AsyncGenerator<FoundEntry> {
    const records = this.#many.records(this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      const read = async () => Buffer.from(records.next().value!.text);
      yield { path: nameOf(at), isRecord: true, read };
    }
  }

  async file(name: string) {
    return name === 'model.json' ? Buffer.from(this.#many.modelText) : undefined;
  }

  async close(): Promise<void> {}
}

function fill(folder: string, count: number): void {
  const many = new ManyRecords();
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'model.json'), many.modelText);
  for (const { name, text } of many.records(count)) writeFileSync(path.join(folder, name), text);
}

/** In a process of its own. */
async function audit(how: string, count: number, root: string): Promise<void> {
  const { runAudit, auditSources } = (await import(new URL('audit/run-audit.js', DIST).href)) as RunAudit;
  const request = {
    sources: [path.join(root, 'records')],
    threads: availableParallelism(),
    ...(how !== 'javascript' && { checker: CHECKER }),
  };
  const [out, options] = [path.join(root, `out-${how}`), { pdf: false }];
  const [before, started] = [process.cpuUsage(), performance.now()];
  const { findings } =
    how === 'stream'
      ? await auditSources(request, [new MadeSource(count)], out, options)
      : await runAudit(request, out, options);
  const [{ user, system }, wall] = [process.cpuUsage(before), performance.now() - started];
  const { totals } = findings;
  const measured = {
    how,
    records: totals.records,
    accepted: totals.accepted,
    seconds: Number((wall / 1e3).toFixed(1)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    recordsPerSecond: Math.round(totals.records / (wall / 1e3)),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify(measured));
  if (totals.accepted !== count) process.exitCode = 1;
}

const [, , first = '10000', how, root] = process.argv;
const count = Number(first);
if (root !== undefined) await audit(how!, count, root);
else {
  const made = mkdtempSync(path.join(tmpdir(), 'measure-audit-'));
  try {
    if (how !== 'stream') fill(path.join(made, 'records'), count);
    for (const one of how === 'stream' ? ['stream'] : ['native', 'javascript']) {
      const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), first, one, made], {
        stdio: 'inherit',
      });
      if (status !== 0) process.exitCode = 1;
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
