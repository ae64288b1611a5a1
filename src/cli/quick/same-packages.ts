import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The versions of packages, by a module beside the package.json of each. */
export type PackageVersions = Readonly<Record<string, string>>;

/**
 * Whether a module would import packages of these versions. A bundle holds packages as they were when it was built; where
 * somebody has updated one since, e.g. because of an advisory, the update is what must run.
 *
 * @param importer URL of the module
 */
export function samePackages(bundled: PackageVersions, importer: string): boolean {
  const { resolve } = createRequire(importer);
  try {
    return Object.entries(bundled).every(([module, version]) => {
      const file = path.join(path.dirname(resolve(module)), 'package.json');
      return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: unknown }).version === version;
    });
  } catch {
    return false;
  }
}
