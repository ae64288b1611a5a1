import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { environmentError, systemError } from '../../src/errors/system-error.ts';

/** What `act` throws, for real. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a failed allocation', () => {
  it.each([
    ['of a buffer', () => new ArrayBuffer(2 ** 52)],
    ['of WebAssembly memory', () => new WebAssembly.Memory({ initial: 1, maximum: 1 }).grow(1)],
  ])('%s is QP8007, status 3', (_, act) => {
    expect(environmentError(thrownBy(act))).toMatchObject({ code: 'QP8007', exit: 3 });
  });

  it('in a thread is QP8007', async () => {
    const source = 'const all = []; for (;;) all.push(new Array(1e4).fill(all.length));';
    const worker = new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    const [error] = await once(worker, 'error');
    expect(environmentError(error)).toMatchObject({ code: 'QP8007' });
  });

  it('is none if the length was wrong', () => {
    expect(environmentError(thrownBy(() => new Array(-1)))).toBeUndefined();
  });
});

describe('systemError', () => {
  const failed = (code: string, syscall: string) =>
    Object.assign(new Error(code), { code, syscall, path: '/x' });

  // Codes that no test here can provoke for real are in this table only: EDQUOT, EIO, ENFILE.
  it.each([
    ['EDQUOT', 'write', 'QP8006', 3],
    ['EIO', 'read', 'QP8008', 3],
    ['ENFILE', 'open', 'QP8003', 3],
    ['ENOSPC', 'write', 'QP8001', 3],
    ['EACCES', 'open', 'QP1002', 2],
    ['EACCES', 'mkdir', 'QP8005', 3],
    ['EISDIR', 'read', 'QP1002', 2],
    ['EISDIR', 'rename', 'QP1008', 2],
  ])('gives %s of %s the code %s', (code, syscall, expected, exit) => {
    expect(systemError(failed(code, syscall))).toMatchObject({ code: expected, exit, where: '/x' });
  });

  it('knows nothing of other errors', () => {
    expect(systemError(new TypeError('x'))).toBeUndefined();
    expect(systemError(failed('toString', 'read'))).toBeUndefined();
    expect(environmentError(failed('ENOENT', 'open'))).toBeUndefined();
  });
});
