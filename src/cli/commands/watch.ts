import { once } from 'node:events';
import type { Alarm } from '@quietproof/client';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../errors/error-spec.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { OWN_PATHS } from '../../watch/pages/own-paths.ts';
import { standing, type WatchReport } from '../../watch/report.ts';
import type { RunningWatch } from '../../watch/run-watch.ts';
import { collect, parseDuration, parseShare } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface WatchWords extends OutputOptions {
  readonly upstream: string;
  readonly model: readonly string[];
  readonly trust?: string;
  readonly statements?: readonly string[];
  readonly state: string;
  readonly listen: string;
  readonly ask: number;
  readonly askAfter: number;
  readonly within?: number;
  readonly includeWithin: number;
  readonly grace: number;
  readonly every: number;
  readonly webhook?: string;
  readonly webhookSecretFile?: string;
  readonly once?: boolean;
  readonly acknowledge?: readonly string[];
  readonly exitOnAlarm?: boolean;
}

export function addWatch(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'watch',
    summary: 'Stand between a client and an endpoint, and say when something is off',
    details:
      'Passes everything on, keeps what the endpoint promised with each answer, and checks promises, log and proofs in the ' +
      'background. Its own page is at /.well-known/quietproof-watch. Prints each alarm; with --json, one object a line. ' +
      'Stops on SIGTERM or Ctrl-C. Exits 0 if no alarm stands, 1 if one does, and 3 if the watch could not do its work.',
    examples: [
      'quietproof watch --upstream https://models.example --model model.json --state watch',
      'quietproof watch --upstream https://models.example --model model.json --state watch --once',
    ],
  })
    .requiredOption('--upstream <url>', 'base address of the endpoint')
    .requiredOption(
      '--model <artifact|record>',
      'a model that you rely on: its artifact or model.json, and its id if you know that by another way; may be repeated',
      collect,
    )
    .option(
      '--trust <trust>',
      'the trust.json with the keys of those whom you trust, read again in each round',
    )
    .option(
      '--statements <statements>',
      'their signed statements, or a folder of them; may be repeated',
      collect,
    )
    .requiredOption('--state <dir>', 'folder of what the watch knows')
    .option('--listen <address>', 'address to listen to; port 0 for any that is free', '127.0.0.1:8090')
    .option('--ask <share>', 'share of answers whose proofs are asked for, by chance', parseShare, 0.05)
    .option(
      '--ask-after <time>',
      'asked for after this time on average, so that nobody can tell',
      parseDuration,
      300,
    )
    .option(
      '--within <time>',
      'a proof that was asked for is due after this time (default: as announced)',
      parseDuration,
    )
    .option(
      '--include-within <time>',
      'the longest promise of a place in the log that is taken',
      parseDuration,
      3600,
    )
    .option('--grace <time>', 'wait after a deadline before an alarm', parseDuration, 60)
    .option('--every <time>', 'between rounds in the background', parseDuration, 10)
    .option('--webhook <url>', 'tell this address of each alarm, by Standard Webhooks')
    .option('--webhook-secret-file <secret>', 'file of the secret that signs what is sent there')
    .option('--once', 'pass nothing on: check once what is known, print the report, and exit')
    .option(
      '--acknowledge <id>',
      'an alarm that you have dealt with: it stands no longer; may be repeated',
      collect,
    )
    .option('--exit-on-alarm', 'exit at the first alarm')
    .action(onRun<WatchWords>(shell, (_, words) => watch(shell, words)));
}

async function watch(shell: Shell, words: WatchWords): Promise<void> {
  // Only here, so that help does not load what they need.
  const { renderAlarm, renderReport } = await import('../render/watch.ts');
  const { json } = words;
  const alarmed = new AbortController();
  const running = await openWatch(words, (alarm) => {
    say(shell, json, { alarm }, () => renderAlarm(alarm, shell.style));
    if (words.exitOnAlarm) alarmed.abort();
  });
  try {
    for (const id of words.acknowledge ?? []) await running.acknowledge(id);
    if (words.once) await running.step();
    else await pass(shell, words, running, AbortSignal.any([shell.interruptible(), alarmed.signal]));
  } catch (error) {
    await running.close().catch(() => {});
    throw error;
  }
  const report = await running.close();
  say(shell, json, { report }, () => renderReport(report, shell.style).join('\n'));
  shell.exit = exitOf(report);
}

async function openWatch(words: WatchWords, onAlarm: (alarm: Alarm) => void): Promise<RunningWatch> {
  const [{ RunningWatch: Running }, { readExpectedModel }] = await Promise.all([
    import('../../watch/run-watch.ts'),
    import('../../watch/expected-models.ts'),
  ]);
  const { upstream, model, state, trust, statements = [], every } = words;
  const webhook = await webhookOf(words);
  return Running.open({
    upstream: parseUrl(upstream, '--upstream'),
    models: await Promise.all(model.map(readExpectedModel)),
    state,
    policy: policyOf(words),
    every: words.once ? undefined : every * 1000,
    ...(trust !== undefined && { trust: { file: trust, statements } }),
    ...(webhook !== undefined && { webhook }),
    onAlarm,
  });
}

/** Passes requests on until the signal, or until nothing is checked any more. */
async function pass(
  shell: Shell,
  words: WatchWords,
  running: RunningWatch,
  signal: AbortSignal,
): Promise<void> {
  const { host, port } = parseListen(words.listen);
  const url = await running.listen(host, port);
  const page = url + OWN_PATHS.page;
  const { green, bold } = shell.style;
  say(
    shell,
    words.json,
    { url, page },
    () => `${green('✓')} ${bold(`watching ${words.upstream} at ${url}`)}\n  its page: ${page}`,
  );
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), running.ended]);
}

function say(shell: Shell, json: boolean | undefined, value: object, text: () => string): void {
  shell.print(json ? JSON.stringify(value) : text());
}

/** Seconds. */
function policyOf({ ask, askAfter, within, includeWithin, grace }: WatchWords) {
  return {
    ...{ ask, askAfter, includeWithin },
    ...(within !== undefined && { proveWithin: within }),
    grace: { inclusion: grace, proof: grace, log: 5 * grace, witnesses: 60 * grace, reach: 15 * grace },
  };
}

async function webhookOf({ webhook, webhookSecretFile }: WatchWords) {
  if (webhook === undefined && webhookSecretFile === undefined) return undefined;
  if (webhook === undefined || webhookSecretFile === undefined) {
    throw new QuietproofError('QP6450', { what: '--webhook and --webhook-secret-file go together' });
  }
  const { readSecrets } = await import('../../webhook/secrets.ts');
  return { url: parseUrl(webhook, '--webhook').href, secrets: await readSecrets(webhookSecretFile) };
}

function parseUrl(text: string, option: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '';
  if (isPlain) return url;
  throw new QuietproofError('QP6450', {
    what: `${option} is not the address of a web server: "${text.slice(0, 80)}"`,
    fix: 'Pass one like https://models.example',
  });
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) <= 65_535)
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  throw new QuietproofError('QP6450', {
    what: `--listen is not an address and a port: "${text.slice(0, 80)}"`,
    fix: 'Pass one like 127.0.0.1:8090',
  });
}

/** An alarm says more than that the watch was hindered. */
function exitOf(report: WatchReport): ExitCode {
  if (standing(report).length > 0) return EXIT.notValid;
  return report.troubles.length > 0 || report.unreachableSince !== undefined ? EXIT.environment : EXIT.ok;
}
