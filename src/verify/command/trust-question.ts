import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type GivenStatement, isTime, MAX_STATEMENTS, Refusal, Vouching } from '../index.ts';
import { isStdin, readNamed } from './read-source.ts';
import { UsageError } from './usage-error.ts';

/** Whom the user trusts, and where the statements are. */
export interface TrustRequest {
  /** A trust.json. */
  readonly trust?: string;
  /** Signed statements, and folders of them. */
  readonly statements?: readonly string[];
  /** The time to judge for; default: now. */
  readonly at?: string;
}

/**
 * Reads the trust file and the statements. A statement that cannot be read does not count, and the verdict says so.
 *
 * @throws UsageError; Refusal QP7210 to QP7212; the error of the system for a path that the user named
 */
export async function trustQuestion({
  trust,
  statements = [],
  at,
}: TrustRequest): Promise<Vouching | undefined> {
  if (trust === undefined) {
    if (statements.length === 0 && at === undefined) return undefined;
    const what = '--statements and --at say nothing without the keys of those who sign';
    throw new UsageError('QP1001', { what, fix: 'Add --trust <trust.json>' });
  }
  if (at !== undefined && !isTime(at)) {
    throw new UsageError('QP1001', { what: `--at takes a time like 2026-11-27T19:24:19Z, not "${at}"` });
  }
  const source = await readNamed(trust);
  const given = (await Promise.all(statements.map(statementsAt))).flat();
  if (given.length > MAX_STATEMENTS) {
    throw new UsageError('QP1001', {
      what: `At most ${MAX_STATEMENTS} statements are read, not ${given.length}`,
    });
  }
  try {
    return new Vouching(source, given, at);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const where = error.where === undefined ? trust : `${trust}: ${error.where}`;
    throw new Refusal(error.code, { what: error.what, where });
  }
}

async function statementsAt(given: string): Promise<GivenStatement[]> {
  const files = await statementFiles(given);
  // Too many are refused before they are read.
  if (files.length > MAX_STATEMENTS) return files.map((name) => ({ name, content: '' }));
  return Promise.all(files.map(async (name) => ({ name, content: await readNamed(name) })));
}

/** The path of a file, or those of the JSON files in a folder, by name. @throws the error of the system */
export async function statementFiles(given: string): Promise<string[]> {
  if (isStdin(given) || !(await stat(given)).isDirectory()) return [given];
  const entries = await readdir(given, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && isStatementName(entry.name))
    .map(({ name }) => name);
  return names.sort().map((name) => path.join(given, name));
}

function isStatementName(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.');
}
