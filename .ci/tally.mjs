// Adds up the results of the steps of .ci/run: prints minutes per step, then the sums on one line. Exits with 1 if
// anything failed.
// usage: node .ci/tally.mjs <folder with steps.tsv and its reports>
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
const lines = readFileSync(path.join(folder, 'steps.tsv'), 'utf8').trim().split('\n');
for (const line of lines) {
  const [status, name, report, seconds] = line.split('\t');
  if (seconds !== undefined) console.log(`${(seconds / 60).toFixed(1).padStart(5)} min  ${name}`);
  if (status === 'failed') console.log(`failed step: ${name}`);
  if (report) addTests(name, status, path.join(folder, report));
  else if (status === 'failed') total.failed += 1;
}

const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Counts failed tests, not also the failed step. A test runner that crashed counts as one failure. */
function addTests(name, status, report) {
  const found = existsSync(report) ? readReport(report) : { passed: 0, failed: 0, skipped: 0 };
  const silent = found.failed === 0 && (status === 'failed' || found.passed === 0);
  if (silent) console.log(`no failed test to show: ${name}`);
  total.passed += found.passed;
  total.failed += found.failed + (silent ? 1 : 0);
  total.skipped += found.skipped;
}

function readReport(file) {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? readVitest(JSON.parse(text)) : readLibtest(text);
}

/** vitest's JSON reporter: https://vitest.dev/guide/reporters#json-reporter */
function readVitest(report) {
  // A file that could not be loaded has the status failed, but no failed tests.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  for (const { name, message } of unloaded)
    console.log(`failed file: ${path.relative('.', name)} ${message}`);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** `cargo test` prints one line of sums per crate, documentation test and integration test. */
function readLibtest(text) {
  const found = { passed: 0, failed: 0, skipped: 0 };
  for (const sums of text.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    found.passed += Number(sums[1]);
    found.failed += Number(sums[2]);
    found.skipped += Number(sums[3]);
  }
  return found;
}
