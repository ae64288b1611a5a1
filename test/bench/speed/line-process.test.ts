import { describe, expect, it } from 'vitest';
import { errorLine, processPerCall, startLineProcess } from '../../../bench/speed/line-process.ts';

/** Answers each line with how many there were; dies at the third. */
const COUNTING = `
  const { createInterface } = require('node:readline');
  const say = (value) => console.log(JSON.stringify(value));
  let lines = 0;
  say({ version: '1' });
  createInterface({ input: process.stdin }).on('line', () => {
    lines += 1;
    if (lines === 3) { console.error('out of luck'); process.exit(3); }
    say({ lines });
  }).on('close', () => say({ peakRssBytes: 100 + lines }));
`;
const start = () => startLineProcess(process.execPath, ['-e', COUNTING]);

describe('startLineProcess', () => {
  it('has a line when it is ready, one for each call, and one at the end', async () => {
    const running = await start();
    expect(running.ready).toEqual({ version: '1' });
    expect(await running.once()).toEqual({ lines: 1 });
    expect(await running.once()).toEqual({ lines: 2 });
    expect(await running.end()).toEqual({ peakRssBytes: 102 });
  });

  it('reports how a program died, and its error line', async () => {
    const running = await start();
    await running.once();
    await running.once();
    await expect(running.once()).rejects.toThrow(/ended with 3: out of luck/);
    await expect(running.end()).rejects.toThrow();
  });

  it('rejects if the program does not exist', async () => {
    await expect(startLineProcess('/no/such/program', [])).rejects.toThrow(/ENOENT/);
  });
});

describe('processPerCall', () => {
  it('starts a process per call, and merges the figures of call and run', async () => {
    const running = processPerCall(start);
    expect(await running.once()).toEqual({ lines: 1, peakRssBytes: 101 });
    expect(await running.once()).toEqual({ lines: 1, peakRssBytes: 101 });
  });
});

describe('errorLine', () => {
  it('finds the error in the trace of Node or Python, and else takes the last line', () => {
    expect(errorLine('file.js:1\nTypeError: no\n    at main (file.js:1)\n\nNode.js v20\n')).toBe(
      'TypeError: no',
    );
    expect(errorLine('Traceback:\n  File "x.py"\nRuntimeError: no\n')).toBe('RuntimeError: no');
    expect(errorLine('rapidsnark: started\nrapidsnark: no\n')).toBe('rapidsnark: no');
    expect(errorLine('')).toBe('');
  });
});
