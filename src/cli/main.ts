#!/usr/bin/env node
import { cacheCompiledCode } from './compile-cache.ts';
import { packageVersion } from './package-version.ts';

// A reader that closes the pipe, such as `| head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const words = process.argv.slice(2);
if (words.length === 1 && words[0] === '--version') process.stdout.write(`${packageVersion()}\n`);
else {
  cacheCompiledCode();
  // Imported here: the version needs nothing else, and `prove` little else.
  const quick = words[0] === 'prove' ? await (await import('./quick.ts')).quickRun(words) : undefined;
  const run = quick ?? (await import('./run.ts')).run;
  process.exitCode = await run(words, process);
}
