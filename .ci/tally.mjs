// Adds up the results of the steps of .ci/run: prints minutes per step, what failed and why, then the sums on one line.
// Exits with 1 if anything failed.
// usage: node .ci/tally.mjs <folder with steps.tsv and its reports>
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SLOWEST = 10;

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
const lines = readFileSync(path.join(folder, 'steps.tsv'), 'utf8').trim().split('\n');
const steps = lines.map((line) => {
  const [status, name, report, seconds] = line.split('\t');
  return { status, name, seconds, found: report ? readReport(path.join(folder, report)) : undefined };
});

for (const { name, seconds, found } of steps) {
  if (seconds !== undefined) console.log(`${(seconds / 60).toFixed(1).padStart(5)} min  ${name}`);
  for (const file of slowest(found?.files ?? [])) {
    console.log(`         ${file.seconds.toFixed(0).padStart(4)} s  ${file.name}`);
  }
}
for (const { status, name, found } of steps) {
  if (status === 'failed') console.log(`failed step: ${name}`);
  if (found === undefined) {
    if (status === 'failed') total.failed += 1;
    continue;
  }
  for (const test of found.skipped) console.log(`skipped: ${test}`);
  for (const failure of found.failures) console.log(`failed: ${failure.name}\n${failure.message ?? ''}`);
  // Failed tests are counted, not also their step. A test runner that crashed counts as one failure.
  const silent = found.failures.length === 0 && (status === 'failed' || found.passed === 0);
  if (silent) console.log(`no failed test to show: ${name}`);
  total.passed += found.passed;
  total.failed += found.failures.length + (silent ? 1 : 0);
  total.skipped += found.skipped.length;
}

const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;

function slowest(files) {
  return files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
}

/** Of .ci/vitest-report.mjs, or what `cargo test` printed. */
function readReport(file) {
  if (!existsSync(file)) return { passed: 0, failures: [], skipped: [] };
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? JSON.parse(text) : readLibtest(text);
}

/** `cargo test` prints one line per test, and sums per crate, documentation test and integration test. */
function readLibtest(text) {
  const names = (result) =>
    [...text.matchAll(/^test (.+) \.\.\. (\S+)/gm)]
      .filter((line) => line[2] === result)
      .map((line) => line[1]);
  const sums = [...text.matchAll(/^test result: .*?(\d+) passed;/gm)];
  return {
    passed: sums.reduce((sum, line) => sum + Number(line[1]), 0),
    failures: names('FAILED').map((name) => ({ name })),
    skipped: names('ignored,').concat(names('ignored')),
  };
}
