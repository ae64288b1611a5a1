import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { availableBackends } from '../backends.ts';
import { findModel, type ModelFiles } from '../cases.ts';
import { type Build, PHASE, runCommand } from '../command.ts';
import { provers } from '../contenders.ts';
import { type Contender, interleave, type LeftOut, type Measured } from '../interleave.ts';
import { runOnce } from '../measure-case.ts';
import type { Options } from '../options.ts';
import { ratio, summaryOf } from '../samples.ts';
import { NOT_MEASURED, spread, table } from '../table.ts';
import { COMMANDS, type Command, compileWords, ONCE, type Place, proveWords, ROWS } from './command-list.ts';

/** Models whose commands are measured, with default options. */
const MODELS = ['digits-mlp', 'mnist-mlp', 'mnist-lenet-relu-avg'] as const;

const BEFORE = 'before';
const AFTER = 'after';
const RAW = 'native, one thread';

/** The commands of one model. */
export interface CommandResult {
  readonly model: string;
  readonly commands: readonly CommandTimes[];
  readonly leftOut: readonly LeftOut[];
}

interface CommandTimes {
  readonly command: string;
  /** Rows that it proves; 0 for all else. */
  readonly rows: number;
  /** By build; the prover alone is among them where `rows` is large. */
  readonly measured: readonly Measured[];
}

type Log = (line: string) => void;

/** Measures whole commands of this checkout, and of another one, if `--against` names it. */
export async function measureCommands(options: Options, log: Log): Promise<CommandResult[]> {
  const { against, only } = options;
  const program = 'dist/cli/main.js';
  const builds: Build[] = [
    ...(against === undefined ? [] : [{ name: BEFORE, program: path.join(against, program) }]),
    { name: AFTER, program },
  ];
  const results: CommandResult[] = [];
  for (const model of MODELS.filter((name) => only?.includes(name) ?? true)) {
    results.push(await measureModel(model, builds, options, log));
  }
  return results;
}

async function measureModel(
  model: string,
  builds: readonly Build[],
  options: Options,
  log: Log,
): Promise<CommandResult> {
  const bench = { name: model, model, input: 'digest', large: false } as const;
  const files = await findModel(bench, options.from === undefined ? undefined : [options.from]);
  if (files === undefined)
    return { model, commands: [], leftOut: [{ name: model, why: 'the model is not there' }] };
  const places: Place[] = [];
  for (const build of builds) {
    log(`${model}: preparing ${build.name}`);
    const folder = path.join(options.out, 'commands', model, build.name);
    places.push(await prepare(folder, build, files, model === MODELS[0] ? ROWS.many : ROWS.few));
  }
  const raw = await rawProver({ ...places.at(-1)!, bench }, options);
  const commands: CommandTimes[] = [];
  const leftOut: LeftOut[] = [];
  for (const command of COMMANDS.filter(({ name }) => model === MODELS[0] || !ONCE.has(name))) {
    const found = await interleave(
      [...places.map((place) => contender(command, place)), ...(command.rows === ROWS.many ? raw : [])],
      command.slow ? options.makeRuns : options.runs,
      (build, turn) => log(`${model}: ${command.name}, ${build}, ${turn}`),
    );
    commands.push({ command: command.name, rows: command.rows ?? 0, measured: found.measured });
    leftOut.push(...found.leftOut.map((one) => ({ ...one, name: `${command.name}, ${one.name}` })));
  }
  return { model, commands, leftOut };
}

/** @param proved number of rows that are proved beforehand, for commands that find them done or verify them */
async function prepare(folder: string, build: Build, files: ModelFiles, proved: number): Promise<Place> {
  const inFolder = (name: string) => path.join(folder, name);
  const place: Place = {
    build,
    files,
    folder,
    rows: inFolder('rows.json'),
    artifact: inFolder('artifact'),
    untouched: inFolder('as-set-up'),
    proofs: inFolder('proofs'),
  };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeRows(files.data, place.rows);
  await runCommand(build, compileWords(place, place.artifact));
  await runCommand(build, ['setup', place.artifact, '--dev']);
  await cp(place.artifact, place.untouched, { recursive: true });
  await runCommand(build, proveWords(place.artifact, place.rows, proved, place.proofs));
  return place;
}

/** Repeats the rows of a file until there are `ROWS.many`. */
async function writeRows(from: string, to: string): Promise<void> {
  const { inputs } = JSON.parse(await readFile(from, 'utf8')) as { inputs: unknown[] };
  const repeated = Array.from({ length: ROWS.many }, (_, row) => inputs[row % inputs.length]);
  await writeFile(to, JSON.stringify({ inputs: repeated }));
}

function contender({ words, prepare: before, slow }: Command, place: Place): Contender {
  const once = async () => {
    await before?.(place);
    return runCommand(place.build, words(place));
  };
  // A run that is not measured fills the caches of the file system and of the user.
  return {
    name: place.build.name,
    warmUps: slow ? 0 : 1,
    start: async () => ({ ready: {}, once, end: async () => ({}) }),
  };
}

/** The prover alone, with the same key: what the proofs of a command are compared with. */
async function rawProver(
  { bench, files, folder, artifact }: Place & Pick<Parameters<typeof provers>[0], 'bench'>,
  options: Options,
): Promise<Contender[]> {
  const { backends } = availableBackends();
  await runOnce('write-row', [artifact, files.data, folder]);
  const all = provers({ bench, files, folder, artifact }, { options, backends, peers: {} });
  return all.filter(({ name }) => name === RAW);
}

/** The tables of a run. */
export function commandTables(found: readonly CommandResult[]): string[] {
  const compared = found.some(({ commands }) => commands.some((one) => of(one, BEFORE) !== undefined));
  const builds = compared ? [BEFORE, AFTER] : [AFTER];
  return [
    '### Whole commands',
    wholeTable(found, builds),
    '### Rows a second, as a part of what all cores would prove if they did nothing else',
    rateTable(found, builds),
    '### Phases of the slower commands, wall ms',
    ...phaseTables(found),
  ];
}

function wholeTable(found: readonly CommandResult[], builds: readonly string[]): string {
  const compared = builds.length > 1;
  const titles = [
    ...builds.flatMap((build) => [`${build}, s`, `${build}, CPU s`]),
    ...(compared ? ['CPU, before over after'] : []),
  ];
  const rows = found.flatMap(({ model, commands }) =>
    commands.map((one) => [
      model,
      `\`${one.command}\``,
      ...builds.flatMap((build) =>
        ['wallMs', 'cpuMs'].map((figure) => spread(summaryOf(of(one, build)?.samples ?? [], figure), 1000)),
      ),
      ...(compared ? [spread(ratio(figures(one, BEFORE, 'cpuMs'), figures(one, AFTER, 'cpuMs')))] : []),
    ]),
  );
  return table(['model', 'command', ...titles], rows, 2);
}

function rateTable(found: readonly CommandResult[], builds: readonly string[]): string {
  const rows = found.flatMap(({ model, commands }) =>
    commands
      .filter((one) => of(one, RAW) !== undefined)
      .map((one) => {
        const ideal = figures(one, RAW, 'proveMs').map((ms) => (ms * one.rows) / availableParallelism());
        const parts = builds.map((build) => spread(ratio(ideal, figures(one, build, 'wallMs'))));
        const alone = spread(summaryOf(of(one, RAW)!.samples, 'proveMs'));
        return [model, one.rows.toLocaleString('en-US'), alone, ...parts];
      }),
  );
  return table(['model', 'rows', 'one proof alone, ms', ...builds], rows);
}

/** One table per model, of the commands of this checkout. */
function phaseTables(found: readonly CommandResult[]): string[] {
  return found.flatMap(({ model, commands }) => {
    const rows = commands.flatMap((one) => {
      const samples = of(one, AFTER)?.samples ?? [];
      const phases = Object.keys(samples[0] ?? {}).filter((name) => name.startsWith(PHASE));
      const text = phases.map((name) => `${name.slice(PHASE.length)} ${middle(samples, name)}`).join(', ');
      return text === '' ? [] : [[`\`${one.command}\``, text]];
    });
    return [`${model}:`, table(['command', 'phases'], rows, 2)];
  });
}

function middle(samples: Measured['samples'], figure: string): string {
  const summary = summaryOf(samples, figure);
  return summary === undefined ? NOT_MEASURED : spread({ ...summary, runs: 1 });
}

function of({ measured }: CommandTimes, build: string): Measured | undefined {
  return measured.find(({ name }) => name === build);
}

function figures(one: CommandTimes, build: string, figure: string): number[] {
  return (of(one, build)?.samples ?? []).flatMap((sample) => sample[figure] ?? []);
}
