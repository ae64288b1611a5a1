import path from 'node:path';
import type { Command } from 'commander';
import type { WrittenStatement } from '../../sign/sign-statement.ts';
import { addCommand, onRun } from '../command.ts';
import { nextStep } from '../next-step.ts';
import { nextLines } from '../render/next-lines.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ContributeWords extends OutputOptions {
  readonly name?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly sign?: string;
}

export function addContribute(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'contribute <artifact-or-zkey>',
    summary: 'Add one contribution to a proving key',
    details:
      'If at least one contributor discards its randomness, nobody can forge proofs. An artifact keeps the previous key in keys/<key id>.',
    examples: [
      'quietproof contribute artifacts/digits-mlp --name "Ada"',
      'quietproof contribute circuit.zkey --name "Ada" --out circuit-ada.zkey --sign ada.pem',
    ],
  })
    .option('--name <who>', 'name of the contributor; public, stored in the key (default: anonymous)')
    .option('--out <file>', 'for a bare key: write the new key to this file instead of replacing the old one')
    .option('--force', 'replace an existing file at --out')
    .option('--sign <pem>', 'sign that you made it, with this private key')
    .action(onRun<ContributeWords>(shell, ([target], words) => contribute(shell, target!, words)));
}

async function contribute(shell: Shell, target: string, words: ContributeWords): Promise<void> {
  const { name, out, force, sign } = words;
  // Before anything is changed.
  if (sign !== undefined) await (await import('../../sign/signing-key.ts')).readSigningKey(sign);
  const [{ contributeToArtifact }, { artifactState }] = await Promise.all([
    import('../../setup/set-up-artifact.ts'),
    import('../../artifact/artifact-state.ts'),
  ]);
  const result = await contributeToArtifact(target, {
    ...(name !== undefined && { name }),
    ...(out !== undefined && { out }),
    ...(force && { force }),
  });
  const { contribution, zkeyFile, record, model, kept, notes } = result;
  const written =
    sign === undefined ? undefined : await signed(out ?? target, result.contribution.hash, sign);
  const reached = record && artifactState(target, record);
  const artifact = reached && { state: reached.state, next: reached.next, setup: record };
  const ids = model === undefined ? {} : { ids: model.ids };
  const statement = written?.file;
  shell.result({ contribution, zkeyFile, ...artifact, ...ids, kept, statement, notes }, () => {
    const { style } = shell;
    return [
      `${style.green('✓')} ${style.bold(`${contribution.name} contributed to ${zkeyFile}`)}`,
      `  contribution hash, to be published  ${contribution.hash}`,
      ...(model === undefined ? [] : [`  model id  ${model.ids.modelId}`]),
      ...(kept === undefined ? [] : [`  the previous key is kept in ${path.posix.join(target, kept)}`]),
      ...(statement === undefined ? [] : [`  signed statement, to be published  ${statement}`]),
      '  The randomness came from this machine and was discarded.',
      ...notes.map((note) => `  ${style.dim(note)}`),
      ...(reached === undefined
        ? [nextStep('setup', 'ARTIFACT', { '--import': zkeyFile })]
        : nextLines(reached)),
    ].join('\n');
  });
}

/** Looks the contribution up by its hash: another one may have been added since. */
async function signed(target: string, hash: string, key: string): Promise<WrittenStatement> {
  const { signContributionOf } = await import('../../setup/sign-contribution-of.ts');
  return signContributionOf(target, { key, hash });
}
