import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

/** A program that notices the first Ctrl-C and then never returns to its event loop. */
const BUSY = `
  import { writeSync } from 'node:fs';
  import { Interrupts } from './dist/cli/interrupts.js';
  const signal = new Interrupts().signal();
  signal.addEventListener('abort', () => {
    writeSync(1, 'asked');
    for (;;) {}
  });
  writeSync(1, 'ready');
  setInterval(() => {}, 1000);
`;

it.each(['SIGINT', 'SIGTERM'] as const)('a second %s ends a program that is stuck', async (name) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', BUSY]);
  const ended = once(child, 'exit');
  expect(String((await once(child.stdout, 'data'))[0])).toBe('ready');
  child.kill(name);
  expect(String((await once(child.stdout, 'data'))[0])).toBe('asked');
  child.kill(name);
  expect(await ended).toEqual([null, name]);
});
