import path from 'node:path';
import type { Command } from 'commander';
import type { SignContributionOptions } from '../../ceremony/sign-contribution.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ContributeOptions } from '../../setup/contribute-to.ts';
import type { WrittenStatement } from '../../sign/sign-statement.ts';
import { addCommand, onRun } from '../command.ts';
import { foldAfterwards } from '../fold-afterwards.ts';
import { nextStep } from '../next-step.ts';
import { nextLines } from '../render/next-lines.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ContributeWords extends OutputOptions {
  readonly name?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly sign?: string;
  readonly r1cs?: string;
  readonly ptau?: string;
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
      'quietproof contribute circuit.zkey --name "Ada" --sign ada.pem --r1cs circuit.r1cs --ptau phase1.ptau',
    ],
  })
    .option('--name <who>', 'name of the contributor; public, stored in the key (default: anonymous)')
    .option('--out <file>', 'for a bare key: write the new key to this file instead of replacing the old one')
    .option('--force', 'replace an existing file at --out')
    .option('--sign <pem>', 'sign that you made it, with this private key')
    .option(
      '--r1cs <r1cs>',
      'with --ptau: check the whole key against this circuit first (default for an artifact: its own); a signed statement then says so',
    )
    .option('--ptau <ptau>', 'check the whole key against the circuit and this phase-1 file first')
    .action(onRun<ContributeWords>(shell, ([target], words) => contribute(shell, target!, words)));
}

async function contribute(shell: Shell, target: string, words: ContributeWords): Promise<void> {
  const { name, out, force, sign } = words;
  const check = checkOf(words);
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
    ...(check && { check }),
  });
  const { contribution, zkeyFile, record, model, kept, notes, checked } = result;
  const { hash } = contribution;
  const written =
    sign === undefined
      ? undefined
      : await signed(out ?? target, { key: sign, hash, ...(checked && { checked }) });
  const reached = record && artifactState(target, record);
  const artifact = reached && { state: reached.state, next: reached.next, setup: record };
  const ids = model === undefined ? {} : { ids: model.ids };
  const statement = written?.file;
  shell.result({ contribution, zkeyFile, ...artifact, ...ids, kept, checked, statement, notes }, () => {
    const { style } = shell;
    return [
      `${style.green('✓')} ${style.bold(`${contribution.name} contributed to ${zkeyFile}`)}`,
      ...(checked === undefined ? [] : [`  ${CHECKED}: ${checked.phase1.name}`]),
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
  if (reached !== undefined) await foldAfterwards(shell, target);
}

const CHECKED = 'the key was checked against the circuit and the phase 1';

function checkOf({ r1cs, ptau }: ContributeWords): ContributeOptions['check'] {
  if (ptau !== undefined) return { ptau, ...(r1cs !== undefined && { r1cs }) };
  if (r1cs === undefined) return undefined;
  throw new QuietproofError('QP1001', {
    what: 'A key is compared with a circuit and a phase-1 file together',
    fix: 'Give --ptau as well: the phase-1 file that its ceremony started from',
  });
}

/** Looks the contribution up by its hash: another one may have been added since. */
async function signed(target: string, options: SignContributionOptions): Promise<WrittenStatement> {
  const { signContributionOf } = await import('../../setup/sign-contribution-of.ts');
  return signContributionOf(target, options);
}
