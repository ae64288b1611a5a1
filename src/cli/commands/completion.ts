import { Argument, type Command } from 'commander';
import { addCommand, onRun } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { type DescribedCommand, describeProgram } from '../completion/describe-program.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Shell } from '../shell.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (program: DescribedCommand) => string
>;

export function addCompletion(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'completion',
    summary: 'Print a script that completes commands, options and files in a shell',
    details: 'Put the line for your shell into its start-up file.',
    examples: [
      'eval "$(quietproof completion bash)"          # ~/.bashrc',
      'source <(quietproof completion zsh)           # ~/.zshrc, after compinit',
      'quietproof completion fish | source           # ~/.config/fish/config.fish',
    ],
  })
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SHELLS)))
    .action(
      onRun(shell, async ([name]) => {
        const script = SHELLS[name as keyof typeof SHELLS](describeProgram(program));
        shell.result({ shell: name, script }, () => script.trimEnd());
      }),
    );
}
