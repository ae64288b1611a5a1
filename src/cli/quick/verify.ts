import type { run } from '../run.ts';
import { quickRun as whereNoConfig } from './quick-run.ts';
import { type PackageVersions, samePackages } from './same-packages.ts';

/** What of noble is in the bundle of this module: set by `build-command.mjs`. */
declare const BUNDLED: PackageVersions;

/**
 * `run` for `verify`, which spends a third of its time on importing noble: so noble is in its bundle.
 *
 * @returns undefined also where another noble is installed than is in the bundle
 */
export async function quickRun(words: readonly string[]): Promise<typeof run | undefined> {
  return samePackages(BUNDLED, import.meta.url) ? whereNoConfig(words) : undefined;
}
