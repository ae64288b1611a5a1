import { findConfig } from '../config/find-config.ts';
import { run } from '../run.ts';

/**
 * `run`, for a command that starts from a bundle of its own (`build-command.mjs`).
 *
 * @returns undefined where there is a configuration file: all commands check it, so it takes the modules of all
 */
export async function quickRun(words: readonly string[]): Promise<typeof run | undefined> {
  if (words.some((word) => word === '--config' || word.startsWith('--config='))) return undefined;
  return (await findConfig(process.cwd())) === undefined ? run : undefined;
}
