import { once } from 'node:events';
import type { Command } from 'commander';
import { collect, parsePlace, parsePort } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { loadServer } from '../server-package.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ContributorWords extends OutputOptions {
  readonly name: string;
  readonly key: string;
  readonly producers: string;
  readonly ptau?: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly maxMib: number;
  readonly keepDays: number;
}

export function addContributor(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'contributor <dir>',
    summary: 'Run a service that contributes to the keys of producers you know',
    details:
      'Takes keys, or their divided points alone, from `quietproof setup --with`, contributes once to each with a fresh secret ' +
      'that it forgets, and signs that. <dir> holds its rounds and its record. It speaks plain HTTP: put a server with TLS ' +
      'before it. Stop it with Ctrl-C; what was begun goes on at the next start.',
    examples: [
      'quietproof contributor /var/lib/quietproof --name "Ada" --key ada.pem --producers trust.json',
    ],
  })
    .requiredOption('--name <who>', 'your public name, stored in every key that you contribute to')
    .requiredOption('--key <pem>', 'your private key, to sign contributions with')
    .requiredOption('--producers <trust>', 'a trust file: its producers with active keys may ask')
    .option('--ptau <ptau>', 'a phase-1 file with which to compare keys; may be repeated', collect)
    .option('--host <name>', 'the address to listen on', '127.0.0.1')
    .option('--port <n>', 'the port; 0 for any that is free', parsePort, 8473)
    .option('--max-mib <n>', 'the largest file that is taken, in MiB', parsePlace, 1024)
    .option('--keep-days <n>', 'how long results are kept for a producer to fetch', parsePlace, 7)
    .action(onRun<ContributorWords>(shell, ([folder], words) => run(shell, folder!, words)));
}

async function run(shell: Shell, folder: string, words: ContributorWords): Promise<void> {
  const { name, key, producers, ptau = [], host, port, maxMib, keepDays } = words;
  const { runContributor } = await loadServer(() => import('../../server/contributor/run-contributor.ts'));
  const signal = shell.interruptible();
  const running = await runContributor(folder, {
    ...{ name, key, producers, ptau, host, port, maxBytes: maxMib * 2 ** 20, keepDays },
    onEvent: (event, fields) => {
      shell.log(event, fields);
      shell.note(`${event} ${Object.values(fields).join(' ')}`);
    },
  });
  const { address, keyId } = running;
  shell.result({ address, name, keyId, folder }, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(`${name} contributes at ${address}`)}`,
      `  key id  ${keyId}`,
      `  for producers:  quietproof setup <artifact> --with ${address}/#${keyId} --sign-requests <pem>`,
    ].join('\n'),
  );
  if (!signal.aborted) await once(signal, 'abort');
  await running.close();
}
