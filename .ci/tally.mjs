// Adds up what the runners reported, prints it on one line, and exits with 1 when anything failed.
// usage: node .ci/tally.mjs <folder with steps.tsv and vitest*.json>
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(folder)) {
  if (/^vitest.*\.json$/.test(name)) addVitest(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
}
const lines = readFileSync(path.join(folder, 'steps.tsv'), 'utf8').trim().split('\n');
const broken = lines.filter((line) => line.startsWith('failed')).map((line) => line.split('\t')[1]);
for (const step of broken) console.log(`failed step: ${step}`);
// The step that ran the tests fails because they did: counted once. A runner that died has no failed test to show.
const further = broken.filter((step) => step !== 'tests').length;
const silent = total.failed === 0 && (broken.includes('tests') || total.passed === 0);
total.failed += further + (silent ? 1 : 0);

const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** vitest's JSON reporter: https://vitest.dev/guide/reporters#json-reporter */
function addVitest(report) {
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  // A file that could not be loaded has failed without a single failed test.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  for (const { name, message } of unloaded)
    console.log(`failed file: ${path.relative('.', name)} ${message}`);
  total.failed += unloaded.length;
}
