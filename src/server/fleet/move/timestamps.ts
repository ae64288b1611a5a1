import type { TimestampFiles } from '../../serve/timestamp-files.ts';
import type { Timestamped } from '../../serve/timestamp-store.ts';
import type { Sql } from '../database.ts';
import { insertTimestamp, storedTimestamps } from '../timestamp-rows.ts';
import { different } from './moved-otherwise.ts';

/** @returns how many there are. @throws QP6562 (a file is missing), QP6571 */
export async function moveTimestamps(sql: Sql, files: TimestampFiles): Promise<number> {
  let count = 0;
  for await (const one of files.all()) {
    await insertTimestamp(sql, one);
    count += 1;
  }
  return count;
}

/** Reads them again. @throws QP6579, QP6562, QP6571 */
export async function compareTimestamps(files: TimestampFiles, sql: Sql, moved: number): Promise<void> {
  const stored = storedTimestamps(sql);
  let count = 0;
  for await (const before of files.all()) {
    const { value: after } = await stored.next();
    if (after === undefined || !isSame(before, after)) {
      throw different(`The timestamp of ${before.size} entries is another one`);
    }
    count += 1;
  }
  if (count !== moved || !(await stored.next()).done) throw different('Some of the timestamps are others');
}

function isSame(before: Timestamped, after: Timestamped): boolean {
  const fields = ['size', 'time', 'authority', 'checkpoint'] as const;
  return (
    fields.every((field) => before[field] === after[field]) &&
    Buffer.from(before.timestamp).equals(after.timestamp)
  );
}
