import { spawnSync } from 'node:child_process';

/** The oldest line that pg-boss runs on, at one version so that tests mean the same every day. */
const PACKAGE = 'node@22.23.3';

let found: string | undefined;

/** Path of Node 22: this one, if it is new enough, or that of npm's package. */
export function node22(): string {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  found ??= fetched();
  return found;
}

function fetched(): string {
  const words = ['-y', '-p', PACKAGE, 'node', '-p', 'process.execPath'];
  const { stdout, stderr, status } = spawnSync('npx', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npx ${words.join(' ')}: ${stderr}`);
  return stdout.trim();
}
