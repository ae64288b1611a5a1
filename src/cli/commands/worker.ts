import { once } from 'node:events';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BackendName } from '../../prover/backend.ts';
import type { WorkerEvent } from '../../server/fleet/fleet-worker.ts';
import { parseWorkers } from '../arguments.ts';
import { backendOption } from '../backend-option.ts';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface WorkerWords extends OutputOptions {
  readonly database: string;
  readonly inputsKey: string;
  readonly artifacts?: string;
  readonly from?: string;
  readonly cache?: string;
  readonly workers?: number;
  readonly models: number;
  readonly name: string;
  readonly backend?: BackendName;
}

export function addWorker(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'worker',
    summary: 'Prove what servers with --database have sealed',
    details:
      'Any number of workers prove beside each other, on any machines. Each fetches the artifacts that it needs by the digests of their files, keeps the last ones in memory, and takes their answers first. Logs are JSON lines on stderr, without inputs. Stops on SIGTERM or Ctrl-C after what it has begun, or leaves that to others.',
    examples: [
      'quietproof worker --database postgres://db.example/q --inputs-key inputs.key --from http://server.example:8080',
      'quietproof worker --database postgres://db.example/q --inputs-key inputs.key --artifacts artifacts --workers 8',
    ],
  })
    .requiredOption('--database <url>', 'postgres://…, as the servers have it')
    .requiredOption(
      '--inputs-key <secret>',
      'file of the key that encrypts private inputs, as the servers have it',
    )
    .option('--artifacts <folder>', 'folder whose folders are artifacts, e.g. on a shared disk')
    .option('--from <url>', 'address of a server, which gives artifacts to workers with the same key')
    .option('--cache <dir>', "folder of fetched artifacts (default: in the user's cache)")
    .option('--workers <n>', 'threads that prove (default: all cores)', parseWorkers)
    .option('--models <n>', 'models whose keys are kept in memory, at most', parseWorkers, 4)
    .option('--name <name>', 'name of this worker in the database', hostname())
    .addOption(backendOption())
    .action(onRun<WorkerWords>(shell, (_, words) => work(shell, words)));
}

async function work(shell: Shell, words: WorkerWords): Promise<void> {
  const [{ FleetWorker }, { InputsKey }, { pino }, { thisMachine }] = await Promise.all([
    import('../../server/fleet/fleet-worker.ts'),
    import('../../server/fleet/inputs-key.ts'),
    import('pino'),
    import('../../prover/worker-count.ts'),
  ]);
  const { database, inputsKey, artifacts, from, models, name, backend } = words;
  if (artifacts === undefined && from === undefined) {
    throw new QuietproofError('QP6591', { what: '--artifacts or --from says where artifacts are' });
  }
  const log = pino({ base: { worker: name } }, process.stderr);
  const threads = words.workers ?? thisMachine().cores;
  const signal = shell.interruptible();
  const worker = await FleetWorker.start({
    database,
    inputsKey: await InputsKey.read(inputsKey),
    cache: words.cache ?? (await cacheFolder()),
    name,
    threads,
    models,
    ...(artifacts !== undefined && { artifacts }),
    ...(from !== undefined && { from }),
    ...(backend !== undefined && { backend }),
    onEvent: (event) => logEvent(log, event),
  });
  shell.result({ name, threads }, () => `${shell.style.green('✓')} ${name} proves with ${threads} threads`);
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await worker.close();
  }
}

/** Errors without their messages, which may quote values. */
function logEvent(log: import('pino').Logger, event: WorkerEvent): void {
  const { kind, ...fields } = event;
  if (!('error' in fields)) {
    log.info(fields, kind);
    return;
  }
  const { error, ...others } = fields;
  const code = error instanceof QuietproofError ? { code: error.code } : {};
  // What PostgreSQL says has no values: see `Database`.
  const what = error instanceof QuietproofError && error.code === 'QP6571' ? { what: error.message } : {};
  log.warn({ ...others, ...code, ...what }, kind);
}

/** @throws QP6591 where others could write to it */
async function cacheFolder(): Promise<string> {
  const { userCache } = await import('../../store/user-cache.ts');
  const cache = userCache();
  if (cache === undefined) throw new QuietproofError('QP6591', { what: 'Name a folder with --cache' });
  return path.join(cache, 'artifacts');
}
