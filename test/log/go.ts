import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/** Go's own place, where it is not on the PATH; undefined without Go. */
export const GO = ['go', '/usr/local/go/bin/go'].find((go) => spawnSync(go, ['version']).status === 0);

/** Builds the program in a folder. */
export function buildGo(source: string, program: string): void {
  // Its own cache, which outlives that of the tests.
  const { XDG_CACHE_HOME, ...env } = process.env;
  const built = spawnSync(GO!, ['build', '-o', program, '.'], {
    cwd: source,
    encoding: 'utf8',
    env: env.HOME === undefined ? process.env : env,
  });
  expect(built.stderr).not.toMatch(/^(?!go: downloading)./m);
  expect(built.status).toBe(0);
}
