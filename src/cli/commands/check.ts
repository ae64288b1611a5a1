import type { Command } from 'commander';
import type { SoundnessRecord } from '../../check/soundness-record.ts';
import { EXIT } from '../../errors/error-spec.ts';
import { addCommand, onRun } from '../command.ts';
import { renderSoundness } from '../render/soundness.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface CheckWords extends OutputOptions {
  readonly thorough?: boolean;
}

export function addCheck(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'check <artifact>',
    summary: 'Prove that the compiled circuit is sound: deterministic, in range, and equal to the model',
    examples: ['quietproof check artifacts/digits-mlp', 'quietproof check artifacts/digits-mlp --thorough'],
  })
    .option('--thorough', 'also run a thousand rows through the executor, circom and the constraints')
    .action(onRun<CheckWords>(shell, ([artifact], words) => check(shell, artifact!, words)));
}

async function check(shell: Shell, artifact: string, words: CheckWords): Promise<void> {
  const { checkArtifact, CHECKED_ROWS } = await import('../../check/check-artifact.ts');
  const { checkThoroughly } = await import('../../check/thorough.ts');
  shell.step('proving the circuit sound');
  const record: SoundnessRecord = words.thorough
    ? await checkThoroughly(artifact, { onStep: (step) => shell.step(step) })
    : (await checkArtifact(artifact, CHECKED_ROWS)).record;
  shell.endSteps();
  shell.result({ artifact, soundness: record }, () => renderSoundness(artifact, record, shell.style));
  shell.exit = record.verdict === 'proved' ? EXIT.ok : EXIT.notValid;
}
