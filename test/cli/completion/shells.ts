import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a shell offers at the end of a line, one candidate a line, in the order of the alphabet. */
export interface CompletingShell {
  readonly name: 'bash' | 'zsh' | 'fish';
  complete(script: string, line: string, folder: string): string[];
}

const BASH: CompletingShell = {
  name: 'bash',
  complete: (script, line, folder) => {
    const words = line.split(' ').flatMap((word) => word.split(/(=)/).filter((part) => part !== ''));
    if (line.endsWith(' ') || line.endsWith('=')) words.push('');
    const asked = `source "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _quietproof; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines('bash', ['--norc', '-c', asked, 'bash', ...words], script, folder);
  },
};

const FISH: CompletingShell = {
  name: 'fish',
  complete: (script, line, folder) =>
    lines('fish', ['--no-config', '-c', 'source $SCRIPT; complete -C $argv[1]', line], script, folder).map(
      (found) => found.replace(/\t.*/, ''),
    ),
};

const fileBeside = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const ZSH: CompletingShell = {
  name: 'zsh',
  complete: (script, line, folder) => {
    const words = ['-f', fileBeside('ask.zsh'), fileBeside('inner.zsh'), line];
    return [...new Set(lines('zsh', words, script, folder))];
  },
};

function lines(shell: string, words: readonly string[], script: string, folder: string): string[] {
  const env = { ...process.env, SCRIPT: script, TERM: 'dumb' };
  const options = {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  } satisfies ExecFileSyncOptionsWithStringEncoding;
  return execFileSync(shell, words, options)
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

export const SHELLS: readonly CompletingShell[] = [BASH, ZSH, FISH];

export function isInstalled({ name }: CompletingShell): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}
