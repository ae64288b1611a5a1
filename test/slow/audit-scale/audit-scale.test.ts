import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MEASURE = fileURLToPath(new URL('../../../bench/dist/audit/measure-audit.js', import.meta.url));
const RECORDS = process.env.RECORDS ?? '1000000';
const GIB = 1024;

test.runIf(process.env.QUIETPROOF_SLOW)('as many records as one likes are checked within a gigabyte', () => {
  const printed = execFileSync(process.execPath, [MEASURE, RECORDS, 'stream'], { encoding: 'utf8' });
  console.log(printed);
  const measured = JSON.parse(printed);
  expect(measured).toMatchObject({ records: Number(RECORDS), accepted: Number(RECORDS) });
  expect(measured.peakMiB).toBeLessThan(GIB);
});
