// Runs command lines of the build, one after the other in one process: [[word, …], …] on stdin, their exit codes and what
// they print to stdout.
import { readFileSync } from 'node:fs';
import { run } from '#dist/cli/run.js';

const results = [];
for (const words of JSON.parse(readFileSync(0, 'utf8'))) {
  const printed = [];
  const into = { write: (text) => printed.push(text) > 0, isTTY: false };
  const code = await run(words, { stdout: into, stderr: into, env: { NO_COLOR: '1' } });
  results.push({ code, printed: printed.join('') });
}
process.stdout.write(JSON.stringify(results));
