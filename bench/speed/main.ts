import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { putBetweenMarks } from '../marks.ts';
import { availableBackends } from './backends.ts';
import { chooseCases, findModel } from './cases.ts';
import type { LeftOut } from './interleave.ts';
import { thisMachine, versions } from './machine.ts';
import { type CaseResult, measureCase } from './measure-case.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { findPeers } from './peers.ts';
import { type BenchResult, conditions, type RunFacts, reportText } from './report.ts';
import { ceremonyTables, measureCeremonies } from './suites/ceremony.ts';
import { commandTables, measureCommands } from './suites/commands.ts';
import { functionTables, measureFunctions } from './suites/functions.ts';
import { measureTrees, treeTables } from './suites/trees.ts';

const options = parseOptions(process.argv.slice(2));
if (options.help) process.stdout.write(USAGE);
else {
  const suites = {
    models: runModels,
    commands: runCommands,
    trees: runTrees,
    functions: runFunctions,
    ceremony: runCeremony,
  };
  await suites[options.suite](options);
}

async function runTrees(options: Options): Promise<void> {
  const facts = factsOf(options);
  const result = await measureTrees(options, log);
  const provers = result.proved?.provers ?? [];
  const described = facts(result.leftOut);
  const last = conditions(described, [{ name: 'trees', provers, leftOut: [] }]);
  const text = `${[...treeTables(result), ...last].join('\n\n')}\n`;
  await write(options, 'trees', { ...described, ...result }, text);
}

async function runCommands(options: Options): Promise<void> {
  const facts = factsOf(options);
  const models = await measureCommands(options, log);
  const described = facts(models.flatMap(({ leftOut }) => leftOut));
  const text = `${[...commandTables(models), ...conditions(described, [])].join('\n\n')}\n`;
  await write(options, 'commands', { ...described, models }, text);
}

async function runFunctions(options: Options): Promise<void> {
  const facts = factsOf(options);
  const { backends, absent } = availableBackends();
  const { peers, absent: absentPeers } = findPeers(options);
  const cases = await measureFunctions({ options, backends, peers, log });
  const described = facts([...absent, ...absentPeers.filter(({ name }) => name === 'EZKL')]);
  const text = `${[...functionTables(cases), ...conditions(described, cases)].join('\n\n')}\n`;
  await write(options, 'functions', { ...described, cases }, text);
}

async function runCeremony(options: Options): Promise<void> {
  const facts = factsOf(options);
  const cases = await measureCeremonies(options, log);
  const described = facts([]);
  const text = `${[...ceremonyTables(cases), ...conditions(described, cases)].join('\n\n')}\n`;
  await write(options, 'ceremony', { ...described, cases }, text);
}

async function runModels(options: Options): Promise<void> {
  const facts = factsOf(options);
  const { backends, absent } = availableBackends();
  const found = findPeers(options);
  const leftOut: LeftOut[] = [...absent, ...found.absent];
  for (const one of leftOut) log(leftOutLine(one));
  const cases: CaseResult[] = [];
  for (const bench of chooseCases(options)) {
    const files = await findModel(bench, options.from === undefined ? undefined : [options.from]);
    const place = options.from ?? '../shared/models or models';
    if (files === undefined) leftOut.push({ name: bench.name, why: `not in ${place}` });
    else cases.push(await measureCase(bench, files, { options, backends, peers: found.peers, log }));
  }
  const result: BenchResult = { ...facts(leftOut), backends, cases };
  await write(options, 'bench', result, reportText(result));
}

/** Starts the clock of a run. */
function factsOf({ runs }: Options): (leftOut: readonly LeftOut[]) => RunFacts {
  const started = performance.now();
  const machine = thisMachine();
  const command = [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2).map(withoutFolder)] : []),
  ].join(' ');
  return (leftOut) => {
    const seconds = (performance.now() - started) / 1000;
    return { machine, versions: versions(), command, seconds, runs, leftOut };
  };
}

/** Drops folders, which would reveal paths of this machine. */
function withoutFolder(argument: string): string {
  return path.isAbsolute(argument) ? path.basename(argument) : argument;
}

/** @param name of the files, and of the marks in the file of `--readme` */
async function write(options: Options, name: string, result: object, text: string): Promise<void> {
  await mkdir(options.out, { recursive: true });
  await writeFile(path.join(options.out, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
  await writeFile(path.join(options.out, `${name}.md`), text);
  if (options.readme !== undefined) await putBetweenMarks(options.readme, name, text);
  process.stdout.write(text);
}

function leftOutLine({ name, why }: LeftOut): string {
  return `left out: ${name} (${why})`;
}

function log(line: string): void {
  process.stderr.write(`${Math.round(process.uptime())} s  ${line}\n`);
}
