import { type Command, Option } from 'commander';
import { collect } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { browserTarget } from '../export/browser-target.ts';
import { calldataTarget, solidityTarget, vouchingTarget } from '../export/solidity-targets.ts';
import type { ExportTarget, ExportWords } from '../export/target.ts';
import type { Shell } from '../shell.ts';

const TARGETS: readonly ExportTarget[] = [browserTarget, solidityTarget, calldataTarget, vouchingTarget];

export function addExport(program: Command, shell: Shell): void {
  const names = TARGETS.map(({ name }) => name);
  const meanings = TARGETS.map(({ name, makes }) => `${name}: ${makes}`).join('; ');
  addCommand(program, {
    usage: 'export <artifact-or-bundle>',
    summary: 'Write what others need to check the proofs of an artifact, or one bundle',
    examples: TARGETS.map(({ example }) => example),
  })
    .addOption(new Option('--target <target>', meanings).choices(names).makeOptionMandatory())
    .option('--out <dir>', 'output folder (default: a folder in the artifact, named after the target)')
    .option('--force', 'replace existing files')
    .option('--trust <trust>', 'for vouching: the trust.json that has to be met')
    .option(
      '--statements <statements>',
      'for vouching: signed statements, or a folder of them; may be repeated',
      collect,
    )
    .option('--at <time>', 'for vouching: judge the statements for this time (default: now)')
    .action(onRun<ExportWords>(shell, ([subject], words) => write(shell, subject!, words)));
}

async function write(shell: Shell, subject: string, words: ExportWords): Promise<void> {
  // commander accepts only these names.
  const target = TARGETS.find(({ name }) => name === words.target)!;
  await target.write(shell, subject, words);
}
