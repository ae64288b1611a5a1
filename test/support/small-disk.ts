import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * Whether this system lets us have a small file system of our own, in a user namespace: the only way to meet a full
 * disk for real. Tests are skipped where it does not, but never in CI.
 */
export const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
if (!canMount && process.env.CI !== undefined)
  throw new Error('a full disk cannot be made: unshare or mount failed');

/**
 * Runs a command while `folder` is a file system of `size` (as for mount: '48k'), which ends with it.
 *
 * @param after shell words that look at what was left, in the folder
 * @returns what `after` printed behind a first line `exit <status>`; the command's own output is in stderr
 */
export function runOnSmallDisk(
  folder: string,
  size: string,
  command: readonly string[],
  after: string,
): { readonly stdout: string; readonly stderr: string } {
  const script = `mount -t tmpfs -o size=${size} tmpfs "$1"; folder="$1"; shift; "$@" >&2; echo "exit $?"; cd "$folder"; ${after}`;
  return spawnSync('unshare', ['-rm', 'sh', '-c', script, 'sh', folder, ...command], { encoding: 'utf8' });
}
