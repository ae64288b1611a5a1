import path from 'node:path';
import {
  type AnyModelRecord,
  fileJson,
  type GivenStatement,
  type TrustFinding,
  vouchedFor,
} from '@quietproof/verify';
import { readNamed } from '@quietproof/verify/command/read-source';
import { statementFiles, trustQuestion } from '@quietproof/verify/command/trust-question';

/** Where the sender of a receipt has the declarations of those who vouch for its model. */
export interface ToldFiles {
  /** A trust.json with the names and keys of those who sign. */
  readonly trust?: string;
  /** Signed statements, and folders of them. */
  readonly statements?: readonly string[];
}

/** What a receipt tells of who vouches for its model. */
export interface Told {
  readonly finding: TrustFinding;
  /** For the page: the trust file, and the statements that count. */
  readonly content: Uint8Array;
}

/**
 * Reads what the sender of a receipt wants it to tell. Only statements that count are taken; the finding says why others do
 * not. A reader's verdict never rests on it: whose keys these are is the sender's word.
 *
 * @returns undefined where the sender gives no trust file
 * @throws UsageError (statements without a trust file); Refusal QP7210 to QP7212; the system's error for a path
 */
export async function toldStatements(
  model: AnyModelRecord,
  { trust, statements = [] }: ToldFiles,
): Promise<Told | undefined> {
  const vouching = await trustQuestion({ ...(trust !== undefined && { trust }), statements });
  if (vouching === undefined || trust === undefined) return undefined;
  const files = (await Promise.all(statements.map(statementFiles))).flat();
  const finding = vouchedFor(model, vouching);
  const counting = files.filter((_, index) => finding.statements[index]?.counts === true);
  const given = await Promise.all(counting.map(readStatement));
  return { finding, content: toldContent(await readNamed(trust), given) };
}

/** As the page reads it: `browser/page/told.ts`. */
export function toldContent(trust: string | Uint8Array, statements: readonly GivenStatement[]): Uint8Array {
  const content = {
    trust: base64(trust),
    statements: statements.map(({ name, content: bytes }) => ({ name, content: base64(bytes) })),
  };
  return new TextEncoder().encode(fileJson(content));
}

/** Its name alone: a receipt does not say where files lie on its sender's machine. */
async function readStatement(file: string): Promise<GivenStatement> {
  return { name: path.basename(file), content: await readNamed(file) };
}

function base64(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64');
}
