import path from 'node:path';
import type { Command } from 'commander';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ContributeWords extends OutputOptions {
  readonly name?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function addContribute(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'contribute <artifact-or-zkey>',
    summary: 'Add one contribution to a proving key',
    details:
      'As long as one contributor forgets what it drew, nobody can forge. An artifact keeps the key before in keys/<key id>.',
    examples: [
      'quietproof contribute artifacts/digits-mlp --name "Ada"',
      'quietproof contribute circuit.zkey --name "Ada" --out circuit-ada.zkey',
    ],
  })
    .option('--name <who>', 'public, written into the key (default: anonymous)')
    .option('--out <zkey>', 'for a bare key: write the new one here instead of replacing it')
    .option('--force', 'replace a file that is there at --out')
    .action(onRun<ContributeWords>(shell, ([target], words) => contribute(shell, target!, words)));
}

async function contribute(shell: Shell, target: string, words: ContributeWords): Promise<void> {
  const { name, out, force } = words;
  const { contributeToArtifact } = await import('../../setup/set-up-artifact.ts');
  const result = await contributeToArtifact(target, {
    ...(name !== undefined && { name }),
    ...(out !== undefined && { out }),
    ...(force && { force }),
  });
  const { contribution, zkeyFile, record, model, kept, notes } = result;
  const artifact = record === undefined ? {} : { state: 'ready', setup: record };
  const ids = model === undefined ? {} : { ids: model.ids };
  shell.result({ contribution, zkeyFile, ...artifact, ...ids, kept, notes }, () => {
    const { style } = shell;
    return [
      `${style.green('✓')} ${style.bold(`${contribution.name} contributed to ${zkeyFile}`)}`,
      `  contribution hash, to publish  ${contribution.hash}`,
      ...(model === undefined ? [] : [`  model id  ${model.ids.modelId}`]),
      ...(kept === undefined ? [] : [`  the key before is kept in ${path.posix.join(target, kept)}`]),
      '  The randomness came from this machine and was forgotten.',
      ...notes.map((note) => `  ${style.dim(note)}`),
    ].join('\n');
  });
}
