import type { Duplicate } from '@quietproof/verify';
import type { FileVerdict } from '../../bundle/verify-files.ts';
import { formatCount, plural } from '../../text/units.ts';
import type { Style } from './style.ts';
import { renderVerdictLine } from './verdict.ts';

/** Summary of many verdicts, by file name. */
export interface Summary {
  readonly total: number;
  readonly valid: number;
  /** Files whose proof is not valid, with the code of the first failed check. */
  readonly failures: readonly { readonly file: string; readonly code: string | undefined }[];
  /** Files with the same record: the same model and public signals, whatever the rest. */
  readonly duplicates: readonly DuplicateFiles[];
}

interface DuplicateFiles extends Pick<Duplicate, 'identity' | 'why'> {
  readonly files: readonly string[];
}

const WHY: Readonly<Record<Duplicate['why'], string>> = {
  copies: 'copies of one bundle',
  resealed: 'one proof under several statements',
  'cannot be told apart': 'one, or several requests for one input: they cannot be told apart',
};

/** Up to this many verdicts are all listed; if there are more, only the invalid ones. */
const MAX_LISTED = 24;
/** Up to this many files of one record are named. */
const MAX_COPIES = 3;

/** @returns the summary; `accepted` is true if all verdicts are */
export async function summarize(
  found: readonly FileVerdict[],
): Promise<Summary & { readonly accepted: boolean }> {
  const { findDuplicates } = await import('@quietproof/verify');
  const failures = found.filter(({ verdict }) => !verdict.valid);
  const duplicates = findDuplicates(found.map(({ verdict }) => verdict));
  return {
    accepted: found.every(({ verdict }) => verdict.accepted),
    total: found.length,
    valid: found.length - failures.length,
    failures: failures.map(({ file, verdict }) => ({ file, code: verdict.code })),
    duplicates: duplicates.map(({ identity, places, why }) => ({
      identity,
      why,
      files: places.map((place) => found[place]!.file),
    })),
  };
}

/** Lines of text: verdicts, duplicates, the summary, and warnings. */
export function renderVerdicts(found: readonly FileVerdict[], summary: Summary, style: Style): string[] {
  const { total, valid, duplicates } = summary;
  const listed = total <= MAX_LISTED ? found : found.filter(({ verdict }) => !verdict.valid);
  const warnings = new Set(found.flatMap(({ verdict }) => verdict.warnings));
  const open = new Set(found.flatMap(({ verdict }) => verdict.open));
  const notes =
    open.size === 0 ? '' : `; ${[...open].map((question) => question.replaceAll('-', ' ')).join(', ')}`;
  const line = `${plural(total, 'proof')}: ${formatCount(valid)} valid, ${formatCount(total - valid)} not${notes}`;
  return [
    ...listed.map(({ file, verdict }) => renderVerdictLine(file, verdict, style)),
    ...(listed.length === 0 ? [] : ['']),
    ...duplicates.map(({ files, why }) =>
      style.yellow(`! the same record ${files.length} times (${WHY[why]}): ${someOf(files)}`),
    ),
    style.bold(found.every(({ verdict }) => verdict.accepted) ? style.green(line) : line),
    ...[...warnings].map((warning) => style.yellow(`! ${warning}`)),
  ];
}

function someOf(files: readonly string[]): string {
  const rest = files.length - MAX_COPIES;
  return rest <= 0 ? files.join(', ') : `${files.slice(0, MAX_COPIES).join(', ')} and ${rest} more`;
}
