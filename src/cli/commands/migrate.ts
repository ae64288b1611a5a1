import type { Command } from 'commander';
import { formatCount, plural } from '../../text/units.ts';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface MigrateWords extends OutputOptions {
  readonly database: string;
  readonly inputsKey: string;
  readonly origin: string;
  readonly logKey: string;
}

export function addMigrate(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'migrate <folder>',
    summary: 'Move what `serve --state` has into a database',
    details:
      'Stop the server first. The log with its timestamps, sealed answers and proofs are moved in one transaction, then read again and compared. From then on the log goes on in the database: no server opens the folder any more. Nothing in it is deleted.',
    examples: [
      'quietproof migrate state --database postgres://db.example/q --inputs-key inputs.key --origin log.example/digits --log-key log.pem',
    ],
  })
    .requiredOption('--database <url>', 'postgres://…, without a log yet')
    .requiredOption('--inputs-key <secret>', 'file of the key that encrypts private inputs in the database')
    .requiredOption('--origin <name>', 'name of the log, as the server had it')
    .requiredOption('--log-key <pem>', 'private key of the log')
    .action(onRun<MigrateWords>(shell, ([folder], words) => migrate(shell, folder!, words)));
}

async function migrate(shell: Shell, folder: string, words: MigrateWords): Promise<void> {
  const [{ moveToDatabase }, { InputsKey }, { readSigningKey }] = await Promise.all([
    import('../../server/fleet/move/move-to-database.ts'),
    import('../../server/fleet/inputs-key.ts'),
    import('../../sign/signing-key.ts'),
  ]);
  const { database, origin } = words;
  const inputsKey = await InputsKey.read(words.inputsKey);
  const { private: key } = await readSigningKey(words.logKey);
  const moved = await moveToDatabase({ folder, database, inputsKey, origin, key });
  const { style } = shell;
  shell.result(moved, () =>
    [
      `${style.green('✓')} ${style.bold(`${formatCount(moved.entries)} entries`)} of ${origin}, read again and compared`,
      `  ${plural(moved.answers, 'answer')}, ${plural(moved.proofs, 'proof')}; ${moved.waiting} wait for a proof, ${moved.erased} are erased`,
      `  ${plural(moved.timestamps, 'timestamp')} of checkpoints; ${moved.notices} notices are owed to webhooks`,
    ].join('\n'),
  );
}
