import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The user's own cache folder for this program, created if missing: for what can be made again at any time.
 *
 * @returns undefined where others could write to it: what it holds would not be the user's
 */
export function userCache(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = path.join(cachesOf(env), 'quietproof');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    const user = process.getuid?.();
    return user === undefined || (uid === user && (mode & 0o022) === 0) ? folder : undefined;
  } catch {
    // No home, or no room in it.
    return undefined;
  }
}

/** The XDG Base Directory Specification ignores a relative path. */
function cachesOf({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === 'win32' && LOCALAPPDATA !== undefined) return LOCALAPPDATA;
  return path.join(homedir(), '.cache');
}
