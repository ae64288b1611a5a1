import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * Whether this system lets us have a small file system of our own, in a user namespace: the only way to meet a full
 * disk for real. Everything is undone when the process ends.
 */
export const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
