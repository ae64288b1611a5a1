import type { Command } from 'commander';
import type { FoundArtifact } from '../../doctor/artifact-states.ts';
import type { EnvironmentCheck } from '../../doctor/check.ts';
import { EXIT } from '../../errors/error-spec.ts';
import { addCommand, onRun } from '../command.ts';
import type { Style } from '../render/style.ts';
import type { Shell } from '../shell.ts';

/** Where `compile` puts artifacts. */
const FOLDER = 'artifacts';

export function addDoctor(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'doctor',
    summary: 'Check this machine, and say how to fix what is missing',
    details: 'Says also where the artifacts in artifacts/ stand.',
    examples: ['quietproof doctor'],
  }).action(
    onRun(shell, async () => {
      const [{ checkEnvironment }, { artifactStates }] = await Promise.all([
        import('../../doctor/check-environment.ts'),
        import('../../doctor/artifact-states.ts'),
      ]);
      const [checks, artifacts] = await Promise.all([checkEnvironment(FOLDER), artifactStates(FOLDER)]);
      const ready = checks.every(({ status }) => status !== 'fail');
      shell.result({ ready, checks, artifacts }, () =>
        [...renderArtifacts(artifacts, shell.style), ...renderChecks(checks, ready, shell.style)].join('\n'),
      );
      shell.exit = ready ? EXIT.ok : EXIT.environment;
    }),
  );
}

function renderChecks(checks: readonly EnvironmentCheck[], ready: boolean, style: Style): string[] {
  const mark = { ok: style.green('✓'), warn: style.yellow('!'), fail: style.red('✗') };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, found, fix }) => [
    `${mark[status]} ${name.padEnd(width)}  ${found}`,
    ...(fix === undefined ? [] : [style.dim(`  ${' '.repeat(width)}  → ${fix}`)]),
  ]);
  const end = ready ? style.green('Ready.') : style.red('Something is missing: see the lines marked ✗.');
  return [...lines, '', end];
}

function renderArtifacts(artifacts: readonly FoundArtifact[], style: Style): string[] {
  if (artifacts.length === 0) return [];
  const lines = artifacts.flatMap(({ artifact, words, next }) => [
    `${artifact} ${words}`,
    style.dim(`  → ${next}`),
  ]);
  return [...lines, ''];
}
