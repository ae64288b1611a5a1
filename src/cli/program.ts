import { Command } from 'commander';
import { explainUsageErrors } from './command.ts';
import { packageVersion } from './package-version.ts';
import type { Shell, ShellStreams } from './shell.ts';

const INTRODUCTION = `Proofs for small models: compile a classifier once, prove each of its answers, check them anywhere.

  inspect → compile → setup → prove → verify`;

type AddCommand = (program: Command, shell: Shell) => void;

/** Every command, in the order in which users need them; loaded where it is wanted. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  inspect: async () => (await import('./commands/inspect.ts')).addInspect,
  compile: async () => (await import('./commands/compile.ts')).addCompile,
  check: async () => (await import('./commands/check.ts')).addCheck,
  setup: async () => (await import('./commands/setup.ts')).addSetup,
  contribute: async () => (await import('./commands/contribute.ts')).addContribute,
  contributor: async () => (await import('./commands/contributor.ts')).addContributor,
  prove: async () => (await import('./commands/prove.ts')).addProve,
  serve: async () => (await import('./commands/serve.ts')).addServe,
  worker: async () => (await import('./commands/worker.ts')).addWorker,
  migrate: async () => (await import('./commands/migrate.ts')).addMigrate,
  watch: async () => (await import('./commands/watch.ts')).addWatch,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  log: async () => (await import('./commands/log.ts')).addLog,
  bundle: async () => (await import('./commands/bundle.ts')).addBundle,
  receipt: async () => (await import('./commands/receipt.ts')).addReceipt,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  archive: async () => (await import('./commands/archive.ts')).addArchive,
  rederive: async () => (await import('./commands/rederive.ts')).addRederive,
  keygen: async () => (await import('./commands/keygen.ts')).addKeygen,
  sign: async () => (await import('./commands/sign.ts')).addSign,
  export: async () => (await import('./commands/export.ts')).addExport,
  conformance: async () => (await import('./commands/conformance.ts')).addConformance,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
};

/** Needs all commands: it completes them. */
const COMPLETION = 'completion';

/**
 * The command line. Where the first word names a command, it has that command only: the modules of the others would
 * take most of the time that a short command takes.
 */
export async function buildProgram(
  shell: Shell,
  streams: ShellStreams,
  words: readonly string[] = [],
): Promise<Command> {
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
  const [first] = words;
  const isOne = first !== undefined && first !== COMPLETION && Object.hasOwn(COMMANDS, first);
  const loads = isOne ? [COMMANDS[first]!] : Object.values(COMMANDS);
  for (const add of await Promise.all(loads.map((load) => load()))) add(program, shell);
  return program;
}
