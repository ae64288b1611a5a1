import type { Command } from 'commander';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface KeygenWords extends OutputOptions {
  readonly force?: boolean;
}

export function addKeygen(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'keygen <file>',
    summary: 'Make a key pair to sign statements with: contributions, re-derivations, releases',
    details:
      'Writes the private key to <file>, readable by you alone, and the public one to <file>.pub. Give the public key to ' +
      'those who are to trust you, by a way that they trust: they put it into their trust.json.',
    examples: ['quietproof keygen auditor.pem'],
  })
    .option('--force', 'replace existing files')
    .action(onRun<KeygenWords>(shell, ([file], words) => keygen(shell, file!, words)));
}

async function keygen(shell: Shell, file: string, { force }: KeygenWords): Promise<void> {
  const { writeNewKeys } = await import('../../sign/signing-key.ts');
  const { privateFile, publicFile, id, public: key } = await writeNewKeys(file, { ...(force && { force }) });
  shell.result({ privateFile, publicFile, keyId: id, key }, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(privateFile)}  private: keep it to yourself`,
      `  ${publicFile}  public`,
      `  key id  ${id}`,
      '  for a trust.json:',
      `  ${JSON.stringify({ key, state: 'active' })}`,
    ].join('\n'),
  );
}
