import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What test files share; it lives as long as the sources and the build are the same. */
    runFolder: string;
  }
}

/** Makes the folder of ./made-once.ts for one run, and removes it afterwards: nothing is left that could go stale. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-run-'));
  project.provide('runFolder', path.join(folder, 'first'));
  let reruns = 0;
  // Someone watches and has changed a file.
  project.onTestsRerun(() => {
    reruns += 1;
    project.provide('runFolder', path.join(folder, String(reruns)));
  });
  return () => rm(folder, { recursive: true, force: true });
}
