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
import { type BenchResult, reportText } from './report.ts';

const options = parseOptions(process.argv.slice(2));
if (options.help) process.stdout.write(USAGE);
else await run(options);

async function run(options: Options): Promise<void> {
  const started = performance.now();
  const machine = thisMachine();
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
  const command = [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2).map(withoutFolder)] : []),
  ];
  await write(options, {
    machine,
    versions: versions(),
    command: command.join(' '),
    seconds: (performance.now() - started) / 1000,
    runs: options.runs,
    backends,
    cases,
    leftOut,
  });
}

/** Drops folders, which would reveal paths of this machine. */
function withoutFolder(argument: string): string {
  return path.isAbsolute(argument) ? path.basename(argument) : argument;
}

async function write(options: Options, result: BenchResult): Promise<void> {
  const text = reportText(result);
  await mkdir(options.out, { recursive: true });
  await writeFile(path.join(options.out, 'bench.json'), `${JSON.stringify(result, null, 1)}\n`);
  await writeFile(path.join(options.out, 'bench.md'), text);
  if (options.readme !== undefined) await putBetweenMarks(options.readme, 'bench', text);
  process.stdout.write(text);
}

function leftOutLine({ name, why }: LeftOut): string {
  return `left out: ${name} (${why})`;
}

function log(line: string): void {
  process.stderr.write(`${Math.round(process.uptime())} s  ${line}\n`);
}
