import path from 'node:path';
import { Refusal, type RefusalCode, verifyBundle } from '@quietproof/verify';
import { BUNDLE_SUFFIX } from '@quietproof/verify/command/find-bundles';
import type { ModelRecords } from '@quietproof/verify/command/model-records';
import { OPENING_SUFFIX, PRIVATE_FOLDER } from '../../bundle/batch-names.ts';
import type { AuditSource } from '../sources/audit-source.ts';

/** What the opening beside a record shows. */
export type OpeningResult =
  | { readonly found: 'none' }
  | { readonly found: 'holds' }
  | { readonly found: 'fails'; readonly code: RefusalCode | undefined; readonly detail: string };

/** Checks `private/<name>.opening.json` beside a record that holds by itself. @throws the error of the system */
export async function checkOpening(
  inSource: string,
  source: AuditSource,
  models: ModelRecords,
): Promise<OpeningResult> {
  const { dir, base } = path.posix.parse(inSource);
  const name = base.slice(0, -BUNDLE_SUFFIX.length) + OPENING_SUFFIX;
  const opening = await source.file(path.posix.join(dir, PRIVATE_FOLDER, name));
  if (opening === undefined || opening instanceof Refusal) return { found: 'none' };
  const record = await source.file(inSource);
  if (record === undefined || record instanceof Refusal) return { found: 'none' };
  const companion = await models.of(inSource, record);
  const verdict = verifyBundle(record, {
    anyModel: true,
    input: { opening },
    ...(companion !== undefined && { companion }),
  });
  const check = verdict.checks.find(({ id }) => id === 'input');
  if (check?.status === 'pass') return { found: 'holds' };
  return { found: 'fails', code: check?.code, detail: check?.detail ?? verdict.headline };
}
