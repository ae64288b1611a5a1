import { readFileSync } from 'node:fs';

/** The version in package.json, two folders up from here in the sources and in the package. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
