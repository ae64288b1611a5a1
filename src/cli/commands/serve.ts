import { type Command, Option } from 'commander';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { plural } from '../../text/units.ts';
import { collect, parseDuration, parsePort } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { packageVersion } from '../package-version.ts';
import { type SealWords, sealOptions } from '../seal-options.ts';
import { loadServer } from '../server-package.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ServeWords extends OutputOptions, SealWords {
  readonly host: string;
  readonly port: number;
  readonly name?: string;
  readonly seal: 'log' | 'none';
  readonly tokens?: string;
  readonly corsOrigin: readonly string[];
  readonly webhook?: readonly string[];
  readonly webhookSecretFile?: readonly string[];
}

const DAY = 86_400;

export function addServe(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'serve <artifact...>',
    summary: 'Answer over HTTP, seal each answer, and prove it in the background',
    details:
      'Speaks the Open Inference Protocol, version 2. Several artifacts of one name are its versions, of which the last answers where none is asked for. Logs are JSON lines on stderr, without inputs. On SIGHUP the artifacts are opened again: where a link leads to another one, that answers from then on. Stops on SIGTERM or Ctrl-C after what was asked is answered.',
    examples: [
      'quietproof serve artifacts/digits-mlp --seal log --state state --origin log.example/digits --log-key log.pem',
      'quietproof serve artifacts/digits-mlp --seal log --database postgres://db.example/q --inputs-key inputs.key --origin log.example/digits --log-key log.pem',
      'quietproof serve artifacts/digits-mlp --seal none --port 8080',
    ],
  })
    .addOption(
      new Option(
        '--seal <what>',
        'log: each answer is sealed in a log before it is sent, and can be proved; none: it is not',
      )
        .choices(['log', 'none'])
        .makeOptionMandatory(),
    )
    .option('--host <address>', 'address to listen to', '127.0.0.1')
    .option('--port <n>', 'port to listen to; 0 takes one that is free', parsePort, 8080)
    .option('--name <name>', 'name of the model (default: the one in its interface)')
    .option(
      '--tokens <tokens>',
      'only for clients in this file: on each line a name and the sha256 of a token',
    )
    .option(
      '--cors-origin <origin>',
      'lets pages of this origin ask, e.g. https://shop.example; repeatable (default: none)',
      collect,
      [],
    )
    .option(
      '--webhook <url>',
      'tell this address when proofs are ready or late (Standard Webhooks); may be repeated',
      collect,
    )
    .option(
      '--webhook-secret-file <secret>',
      'file of the secret that signs what is sent there; as often as --webhook, in its order',
      collect,
    )
    .option('--state <dir>', 'folder of sealed answers, proofs and the log')
    .option(
      '--database <url>',
      'postgres://…: one of several servers over this database, for which `quietproof worker` proves; instead of --state',
    )
    .option('--inputs-key <secret>', 'file of the key that encrypts private inputs in the database')
    .option('--origin <name>', 'name of the log: its public address without the scheme')
    .option('--log-key <pem>', 'private key of the log, from `quietproof keygen`')
    .option('--prove <policy>', 'which answers are proved unasked: all, on-demand, or sample:1%', 'all')
    .option(
      '--beacon <url>',
      'drand chain whose rounds draw the sample: URL of a node, ending in the hash of the chain',
    )
    .option('--within <time>', 'a proof exists this long after it is due', parseDuration, 3600)
    .option('--retention <time>', 'answers can be asked for this long', parseDuration, 30 * DAY)
    .option('--longest-wait <time>', 'no more answers while a proof is late by this', parseDuration, 600)
    .option(
      '--witness <key@url>',
      'has checkpoints cosigned by this witness: its key as in trust files, @, its address; repeatable',
      collect,
      [],
    )
    .option(
      '--timestamp <roots@url>',
      'has checkpoints timestamped (RFC 3161): file of root certificates, @, address of the authority; repeatable',
      collect,
      [],
    )
    .option('--timestamp-every <time>', 'time between timestamps', parseDuration, 3600)
    .action(onRun<ServeWords>(shell, (artifacts, words) => serve(shell, artifacts, words)));
}

async function serve(shell: Shell, artifacts: readonly string[], words: ServeWords): Promise<void> {
  const { logSwap, openAnsweringApp, serveUntil } = await loadServer(
    () => import('../../server/http/open-app.ts'),
  );
  const { host, port, name, tokens, corsOrigin: corsOrigins } = words;
  const webhooks = webhooksOf(words);
  const seal = words.seal === 'none' ? undefined : await sealOptions(words);
  const toOpen = artifacts.map((artifactDir) => ({ artifactDir, ...(name !== undefined && { name }) }));
  const { app, models, swap } = await openAnsweringApp({
    models: toOpen,
    serverVersion: packageVersion(),
    log: process.stderr,
    ...(tokens !== undefined && { tokens }),
    ...(seal !== undefined && { seal }),
    corsOrigins,
    webhooks,
  });
  const listed = models.all.map((own) => ({
    name: own.name,
    version: own.version,
    modelId: own.answerer.model.ids.modelId,
  }));
  const onListening = (url: string) => {
    const lines = listed.map((own) => `  ${own.name}, version ${own.version}: model ${own.modelId}`);
    const { style } = shell;
    const first = `${style.green('✓')} ${style.bold(`${plural(listed.length, 'model')} at ${url}/v2`)}`;
    shell.result({ url, models: listed }, () => [first, ...lines].join('\n'));
  };
  const onHangUp = () => logSwap(app.log, swap(toOpen));
  await serveUntil(app, { host, port, signal: shell.interruptible(), onListening, onHangUp });
}

/** @throws QP6591 unless each address has a file */
function webhooksOf({ webhook = [], webhookSecretFile = [] }: ServeWords) {
  if (webhook.length !== webhookSecretFile.length) {
    const what = 'Each --webhook needs a --webhook-secret-file, and the other way round';
    throw new QuietproofError('QP6591', { what });
  }
  return webhook.map((url, i) => ({ url, secretFile: webhookSecretFile[i]! }));
}
