import { Argument, type Command } from 'commander';
import { collect, parsePlace } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface SignWords extends OutputOptions {
  readonly key: string;
  readonly from?: string;
  readonly retires?: readonly string[];
  readonly index?: number;
  readonly out?: string;
}

const WHAT = ['release', 'contribution'] as const;

export function addSign(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'sign',
    summary: 'Sign that you publish a model, or that you made a contribution to a key',
    details:
      'release: of an artifact or a model.json. contribution: of a .zkey or an artifact; names neither model nor key, which ' +
      'later contributions change. A re-derivation is signed by `rederive --sign`.',
    examples: [
      'quietproof sign release artifacts/digits-mlp --key bank.pem',
      'quietproof sign contribution circuit-ada.zkey --key ada.pem',
    ],
  })
    .addArgument(new Argument('<what>', 'what you sign').choices(WHAT))
    .argument('<target>', 'the artifact, model.json or .zkey')
    .requiredOption('--key <pem>', 'your private key')
    .option('--from <time>', 'release: from when, e.g. 2026-12-01T00:00:00Z (default: now)')
    .option('--retires <id>', 'release: id of a model that it replaces; may be repeated', collect)
    .option('--index <n>', 'contribution: its place in the ceremony, from 1 (default: the last)', parsePlace)
    .option('--out <file>', 'the file for the signed statement')
    .action(onRun<SignWords>(shell, ([what, target], words) => run(shell, what!, target!, words)));
}

async function run(shell: Shell, what: string, target: string, words: SignWords): Promise<void> {
  const { file, statement } =
    what === 'release' ? await release(target, words) : await contribution(target, words);
  shell.result({ file, statement }, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(`${what} signed`)}`,
      `  ${file}`,
      '  Publish it: it stands beside the model record, and no id covers it.',
    ].join('\n'),
  );
}

async function release(target: string, { key, from, retires, out }: SignWords) {
  const { signRelease } = await import('../../sign/sign-release.ts');
  return signRelease(target, {
    key,
    ...(from !== undefined && { from }),
    ...(retires !== undefined && { retires }),
    ...(out !== undefined && { out }),
  });
}

async function contribution(target: string, { key, index, out }: SignWords) {
  const { signContributionOf } = await import('../../setup/sign-contribution-of.ts');
  return signContributionOf(target, {
    key,
    ...(index !== undefined && { index }),
    ...(out !== undefined && { out }),
  });
}
