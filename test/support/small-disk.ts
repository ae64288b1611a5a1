import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * Whether a small file system can be mounted in a user namespace, which is the only way to test with a really full
 * disk. If not, the tests are skipped, but never in CI.
 */
export const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
if (!canMount && process.env.CI !== undefined)
  throw new Error('a small file system cannot be mounted: unshare or mount failed');

/**
 * Runs a command while `folder` is a file system of `size` (for mount, e.g. '48k'), which is unmounted afterwards.
 *
 * @param after shell command that inspects the folder after the command
 * @returns stdout: a line `exit <status>` and the output of `after`; stderr: the output of the command
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
