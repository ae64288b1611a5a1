import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { expect } from 'vitest';
import { z } from 'zod';
import type { FindingKind } from '../../../src/audit/findings/finding-kinds.ts';
import type { Finding, Findings } from '../../../src/audit/findings/findings-types.ts';
import { type AuditRequest, runAudit } from '../../../src/audit/run-audit.ts';
import { base, materialise, readCases } from '../../conformance/materialise.ts';

const ASSETS = new URL('../../../dist/audit/report/assets/', import.meta.url);
const V2 = 'bundles-v2';
const cases = readCases(V2);

const SCHEMA = new URL('../../../src/audit/findings/findings.schema.json', import.meta.url);
export const findingsSchema = z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')));

/** Files of a folder, by their paths in it. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A record of the corpus. */
export const record = (name: string) => base(`${name}.proof.json`, V2);

/** The record of a case of the corpus, and whom it trusts. */
export function caseOf(id: string) {
  const { files, at } = cases.find((one) => one.id === id)!;
  const text = (name: keyof typeof files) => String(materialise(files[name]!, V2));
  const trusting = () => ({
    trust: text('trust'),
    statements: JSON.parse(text('statements')) as string[],
    at: at!,
  });
  return { record: text('bundle'), trusting };
}

/** One record of a model per file, each with the number of its file. */
export function numbered(names: readonly string[], from = 0): Files {
  return Object.fromEntries(
    names.map((name, at) => [
      `${String(from + at).padStart(6, '0')}.proof.json`,
      renumbered(name, from + at),
    ]),
  );
}

/** A record that claims another number: nothing of its proof changes. */
export function renumbered(name: string, index: number): string {
  const bundle = JSON.parse(record(name));
  return fileJson({ ...bundle, row: { index } });
}

export interface Audited {
  readonly findings: Findings;
  readonly of: (kind: FindingKind) => Finding;
  /** Kinds of faults and evidence. */
  readonly wrong: readonly FindingKind[];
  readonly csv: string;
  readonly out: string;
}

/** Plants folders and audits them. */
export class Auditor {
  readonly #root: string;
  #count = 0;

  constructor(root: string) {
    this.#root = root;
  }

  folder(files: Files): string {
    this.#count += 1;
    const folder = path.join(this.#root, `${this.#count}`);
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    return folder;
  }

  async audit(files: Files, asked: Omit<Partial<AuditRequest>, 'sources'> = {}): Promise<Audited> {
    return this.auditFolders([this.folder(files)], asked);
  }

  async auditFolders(sources: readonly string[], asked: Partial<AuditRequest> = {}): Promise<Audited> {
    this.#count += 1;
    const out = path.join(this.#root, `out-${this.#count}`);
    const { findings } = await runAudit({ ...asked, sources }, out, { pdf: false, assets: ASSETS });
    expect(findingsSchema.safeParse(findings).error?.issues).toBeUndefined();
    return {
      findings,
      out,
      of: (kind) => findings.findings.find((one) => one.kind === kind)!,
      wrong: findings.findings
        .filter(({ grade }) => grade === 'fault' || grade === 'evidence')
        .map(({ kind }) => kind),
      csv: readFileSync(path.join(out, 'findings.csv'), 'utf8'),
    };
  }

  /** What a command takes of those whom somebody trusts. */
  trusting({ trust, statements, at }: ReturnType<ReturnType<typeof caseOf>['trusting']>) {
    const folder = this.folder({
      'trust.json': trust,
      ...Object.fromEntries(statements.map((one, index) => [`statements/${index}.json`, one])),
    });
    return {
      trust: path.join(folder, 'trust.json'),
      statements: statements.map((_, index) => path.join(folder, `statements/${index}.json`)),
      at,
    };
  }
}
