import { readFileSync } from 'node:fs';

/** The version in package.json, which is two folders up both in the sources and in the built package. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
