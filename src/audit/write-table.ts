import type { AuditRequest } from './audit-request.ts';
import { type CheckPlan, checkRecords } from './checks/check-records.ts';
import type { StartedChecks } from './checks/start-checks.ts';
import type { Gathering } from './findings/gather.ts';
import { TABLE_HEADER, tableLine } from './findings/record-table.ts';
import type { OpenInputs } from './openings/open-inputs.ts';
import type { AuditSource } from './sources/audit-source.ts';
import type { AuditState } from './state/audit-state.ts';

export interface TableParts {
  readonly sources: readonly AuditSource[];
  readonly checks: StartedChecks;
  readonly gathering: Gathering;
  /** Number of records. */
  readonly total: number;
  readonly opening: OpenInputs | undefined;
  readonly state: AuditState | undefined;
}

/** Lines are written together: a write costs more than a line. */
const CHUNK = 1 << 16;

/** Checks while the table is written, so that no record is held longer than its line takes. */
export async function* tableOf(
  { sources, checks, gathering, total, opening, state }: TableParts,
  onProgress: AuditRequest['onProgress'],
): AsyncGenerator<Uint8Array> {
  const plan: CheckPlan = {
    sources,
    check: checks.check,
    underWay: checks.underWay,
    ...(state !== undefined && {
      known: state,
      onChecked: (entries, results) => state.add(entries, results),
    }),
  };
  let lines = TABLE_HEADER;
  for await (const { entry, result } of checkRecords(plan)) {
    if (entry.refused !== undefined) gathering.addUnread(entry, entry.refused);
    if (result === undefined) continue;
    const record = { entry, ...result };
    gathering.add(record);
    const opened = await opening?.ofRecord({ entry, result });
    if (opened !== undefined) gathering.opened.add(opened, { source: entry.source, path: entry.path });
    lines += tableLine(sources[entry.source]!.name, record);
    onProgress?.(gathering.counts.records, total);
    if (lines.length < CHUNK) continue;
    yield Buffer.from(lines);
    lines = '';
  }
  yield Buffer.from(lines);
}
