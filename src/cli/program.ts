import { Command } from 'commander';
import { explainUsageErrors } from './command.ts';
import { addBundle } from './commands/bundle.ts';
import { addCheck } from './commands/check.ts';
import { addCompile } from './commands/compile.ts';
import { addCompletion } from './commands/completion.ts';
import { addContribute } from './commands/contribute.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addInspect } from './commands/inspect.ts';
import { addProve } from './commands/prove.ts';
import { addReceipt } from './commands/receipt.ts';
import { addRederive } from './commands/rederive.ts';
import { addSetup } from './commands/setup.ts';
import { addVerify } from './commands/verify.ts';
import { packageVersion } from './package-version.ts';
import type { Shell, ShellStreams } from './shell.ts';

const INTRODUCTION = `Proofs for small models: compile a classifier once, prove each of its answers, check them anywhere.

  inspect → compile → setup → prove → verify`;

/** Every command, in the order in which users need them. */
const COMMANDS = [
  addInspect,
  addCompile,
  addCheck,
  addSetup,
  addContribute,
  addProve,
  addVerify,
  addBundle,
  addReceipt,
  addRederive,
  addExport,
  addDoctor,
  addCompletion,
];

export function buildProgram(shell: Shell, streams: ShellStreams): Command {
  const program = new Command('quietproof')
    .description(INTRODUCTION)
    .version(packageVersion())
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      // The shell prints these errors too, like all others.
      outputError: () => {},
    })
    .addHelpText('after', '\nExample:\n  $ quietproof inspect models/digits-mlp/model.onnx');
  explainUsageErrors(program);
  for (const add of COMMANDS) add(program, shell);
  return program;
}
