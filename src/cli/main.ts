#!/usr/bin/env node
import { cacheCompiledCode } from './compile-cache.ts';
import { packageVersion } from './package-version.ts';

// A reader that closes the pipe, such as `| head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** `run` from the bundle of one command, where there is one and it suffices. */
async function quickRun(words: readonly string[]): Promise<typeof import('./run.ts').run | undefined> {
  switch (words[0]) {
    case 'prove':
      return (await import('./quick/prove.ts')).quickRun(words);
    case 'verify':
      return (await import('./quick/verify.ts')).quickRun(words);
    default:
      return undefined;
  }
}

const words = process.argv.slice(2);
if (words.length === 1 && words[0] === '--version') process.stdout.write(`${packageVersion()}\n`);
else {
  cacheCompiledCode();
  // Imported here: the version needs nothing else, and some commands little else.
  const quick = await quickRun(words);
  const run = quick ?? (await import('./run.ts')).run;
  process.exitCode = await run(words, process);
}
