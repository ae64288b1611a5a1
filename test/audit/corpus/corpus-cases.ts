import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Findings } from '../../../src/audit/findings/findings-types.ts';
import type { Asked, ExpectedFindings } from './make/corpus-types.ts';
import { AT, CORPUS } from './make/material.ts';

const FOLDERS = fileURLToPath(new URL('folders/', CORPUS));
const GIVEN = fileURLToPath(new URL('given/', CORPUS));

export const caseNames: readonly string[] = readdirSync(FOLDERS).sort();

/** A folder of the corpus, copied to where what no repository keeps can be made in it. */
export class CorpusFolder {
  readonly asked: Asked;
  readonly expected: ExpectedFindings;
  /** What was handed in. */
  readonly folder: string;
  readonly name: string;

  /** @param root in which it is copied */
  constructor(name: string, root: string) {
    const read = (file: string) => JSON.parse(readFileSync(path.join(FOLDERS, name, file), 'utf8'));
    this.name = name;
    this.asked = read('asked.json');
    this.expected = read('expected.json');
    this.folder = path.join(root, name);
    mkdirSync(root, { recursive: true });
    cpSync(path.join(FOLDERS, name, 'handed-in'), this.folder, { recursive: true });
    const { pipes = [], links = {} } = this.asked;
    for (const pipe of pipes) execFileSync('mkfifo', [path.join(this.folder, pipe)]);
    for (const [link, to] of Object.entries(links)) symlinkSync(to, path.join(this.folder, link));
  }

  /** What the command is called with, beside sources and `--out`. */
  get words(): string[] {
    const { trust, statements = [], models = [], expected, openings } = this.asked;
    return [
      ...(trust === undefined ? [] : ['--trust', path.join(GIVEN, trust), '--at', AT]),
      ...statements.flatMap((one) => ['--statements', path.join(GIVEN, one)]),
      ...models.flatMap((one) => ['--model', one]),
      ...(expected ? ['--expect', path.join(FOLDERS, this.name, 'list.csv')] : []),
      ...(openings ? ['--openings', 'all'] : []),
    ];
  }
}

/** What an audit found, in the form of `expected.json`. */
export function summaryOf({ totals, findings }: Findings, exit: number | null) {
  return {
    exit,
    totals,
    findings: findings
      .filter(({ kind, records }) => kind !== 'proofs-hold' && records.count > 0)
      .map(({ kind, grade, codes, records: { count, listed } }) => ({
        kind,
        grade,
        codes,
        count,
        listed: listed.map(({ path: found }) => found),
      })),
  };
}
