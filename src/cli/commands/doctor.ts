import type { Command } from 'commander';
import type { EnvironmentCheck } from '../../doctor/check.ts';
import { EXIT } from '../../errors/error-spec.ts';
import { addCommand, onRun } from '../command.ts';
import type { Style } from '../render/style.ts';
import type { Shell } from '../shell.ts';

export function addDoctor(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'doctor',
    summary: 'Check this machine, and say how to fix what is missing',
    examples: ['quietproof doctor'],
  }).action(
    onRun(shell, async () => {
      const { checkEnvironment } = await import('../../doctor/check-environment.ts');
      const checks = await checkEnvironment('artifacts');
      const ready = checks.every(({ status }) => status !== 'fail');
      shell.result({ ready, checks }, () => renderChecks(checks, ready, shell.style));
      shell.exit = ready ? EXIT.ok : EXIT.environment;
    }),
  );
}

function renderChecks(checks: readonly EnvironmentCheck[], ready: boolean, style: Style): string {
  const mark = { ok: style.green('✓'), warn: style.yellow('!'), fail: style.red('✗') };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, found, fix }) => [
    `${mark[status]} ${name.padEnd(width)}  ${found}`,
    ...(fix === undefined ? [] : [style.dim(`  ${' '.repeat(width)}  → ${fix}`)]),
  ]);
  const end = ready ? style.green('Ready.') : style.red('Something is missing: see the lines marked ✗.');
  return [...lines, '', end].join('\n');
}
