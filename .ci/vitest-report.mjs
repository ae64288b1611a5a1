// A reporter of vitest that writes what .ci/tally.mjs adds up. Vitest's own JSON report lacks errors that no test waits
// for, which make a run fail too.
// usage: TEST_REPORT=<file> vitest run --reporter=./.ci/vitest-report.mjs
import { writeFileSync } from 'node:fs';

const LONGEST_MESSAGE = 1500;
/** Frames of the test runner say nothing about what failed. */
const RUNNERS_FRAME = /^ +at .*(?:node_modules\/(?:@?vite|vitest)|\(<anonymous>\)$)/;

export default class {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ module, test })),
    );
    const of = (state) => tests.filter(({ test }) => test.result().state === state);
    const failed = of('failed');
    // A file that could not be loaded and a hook that failed have no failed test of their own.
    const broken = modules.flatMap((module) =>
      [module, ...module.children.allSuites()].flatMap((part) =>
        part.errors().map((error) => ({ name: nameOf(module, part), ...told(error) })),
      ),
    );
    const report = {
      passed: of('passed').length,
      skipped: of('skipped').map(({ module, test }) => nameOf(module, test)),
      failures: [
        ...failed.map(({ module, test }) => ({
          name: nameOf(module, test),
          ...told(test.result().errors[0]),
        })),
        ...broken,
        ...unhandledErrors.map((error) => ({ name: 'an error that no test waits for', ...told(error) })),
      ],
      files: modules.map((module) => ({ name: module.relativeModuleId, seconds: secondsOf(module) })),
    };
    writeFileSync(process.env.TEST_REPORT, JSON.stringify(report));
  }
}

function nameOf(module, part) {
  return part === module ? module.relativeModuleId : `${module.relativeModuleId} > ${part.fullName}`;
}

function told(error) {
  // Vitest says in VITEST_TEST_NAME which test ran when an unhandled error came.
  const during = error.VITEST_TEST_NAME ?? error.VITEST_TEST_PATH;
  const lines = (error.stack ?? error.message).split('\n').filter((line) => !RUNNERS_FRAME.test(line));
  if (during !== undefined) lines.push(`during ${during}`);
  return { message: lines.join('\n').slice(0, LONGEST_MESSAGE) };
}

function secondsOf(module) {
  const { collectDuration, duration, setupDuration } = module.diagnostic();
  return (collectDuration + duration + setupDuration) / 1000;
}
