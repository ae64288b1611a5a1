import path from 'node:path';
import { type Command, Option } from 'commander';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BackendName } from '../../prover/backend.ts';
import type { SetupResult, SetupSource } from '../../setup/make-artifact-key.ts';

import { formatBytes } from '../../text/units.ts';
import { backendOption } from '../backend-option.ts';
import { addCommand, onRun } from '../command.ts';
import { nextStep, YOUR_DATA } from '../next-step.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface SetupWords extends OutputOptions {
  readonly dev?: boolean;
  readonly ptau?: string;
  readonly import?: string;
  readonly backend?: BackendName;
  readonly force?: boolean;
}

export function addSetup(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'setup <artifact>',
    summary: 'Make the proving key: for development, or from a ceremony',
    details:
      'An existing key is replaced only with --force, or by an imported key that continues its ceremony.',
    examples: [
      'quietproof setup artifacts/digits-mlp --dev',
      'quietproof setup artifacts/digits-mlp --ptau powersOfTau28_hez_final_12.ptau',
      'quietproof setup artifacts/digits-mlp --import contributed.zkey',
    ],
  })
    .addOption(
      new Option(
        '--dev',
        'make a key from local randomness: only for testing, since its maker can forge proofs',
      ).conflicts(['ptau', 'import']),
    )
    .option('--ptau <ptau>', 'start phase 2 from this phase-1 file; then run `quietproof contribute`')
    .option(
      '--import <zkey>',
      'import a key that was contributed to elsewhere (with --ptau: checked against that file)',
    )
    .option('--force', 'replace an existing key, which is kept in keys/<key id> in the artifact')
    .addOption(backendOption())
    .action(onRun<SetupWords>(shell, ([artifact], words) => setup(shell, artifact!, words)));
}

async function setup(shell: Shell, artifact: string, words: SetupWords): Promise<void> {
  const source = sourceOf(words);
  const { setUpArtifact } = await import('../../setup/set-up-artifact.ts');
  shell.phase('read');
  const signal = shell.interruptible();
  const bar = shell.progress('making the key', 1, { percent: true });
  const result = await setUpArtifact(artifact, {
    source,
    signal,
    onProgress: (fraction) => bar.update(fraction),
    onPhase: (phase) => shell.phase(phase),
    ...(words.backend !== undefined && { backend: words.backend }),
    ...(words.force && { force: true }),
  }).finally(() => bar.clear());
  const { state, record, circuitId, zkeyBytes, kept, notes, model } = result;
  const ids = model === undefined ? {} : { ids: model.ids };
  shell.result({ artifact, state, setup: record, circuitId, zkeyBytes, ...ids, kept, notes }, () =>
    render(artifact, result, words, shell),
  );
}

function sourceOf({ dev, ptau, import: zkey }: SetupWords): SetupSource {
  if (dev) return { kind: 'development' };
  if (zkey !== undefined) return { kind: 'import', file: zkey, ...(ptau !== undefined && { ptau }) };
  if (ptau !== undefined) return { kind: 'ptau', file: ptau };
  throw new QuietproofError('QP1001', {
    what: 'setup needs to know where the key comes from',
    fix: 'Add --dev for testing, --ptau <file> for production, or --import <zkey>',
  });
}

function render(artifact: string, result: SetupResult, words: SetupWords, { style }: Shell): string {
  const { state, zkeyBytes, kept, notes, model } = result;
  const next =
    state === 'ready'
      ? nextStep('prove', artifact, { '--inputs': YOUR_DATA, '--out': 'proofs', '--backend': words.backend })
      : nextStep('contribute', artifact);
  return [
    `${style.green('✓')} ${style.bold(`${artifact} is ${state}`)}, proving key ${formatBytes(zkeyBytes)}`,
    ...(model === undefined ? [] : [`  model id  ${model.ids.modelId}`]),
    ...(kept === undefined ? [] : [`  the previous key is kept in ${path.posix.join(artifact, kept)}`]),
    ...notes.map((note) => `  ${style.dim(note)}`),
    next,
  ].join('\n');
}
