import type { Command } from 'commander';
import { EXIT } from '../../errors/error-spec.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { collect, parseDuration, parseFrom, parseShareText } from '../arguments.ts';
import { beaconAt } from '../beacon-option.ts';
import { addCommand, explainUsageErrors, onRun } from '../command.ts';
import { logIn, secondsAt, trustIn } from '../log-options.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface PromiseWords extends OutputOptions {
  readonly request: string;
  readonly model: string;
  readonly trust: string;
  readonly context?: string;
  readonly at?: string;
}

interface EvidenceWords extends OutputOptions {
  readonly trust: string;
  readonly log?: string;
  readonly origin?: string;
  readonly at?: string;
  readonly out?: string;
}

interface DrawsWords extends OutputOptions {
  readonly trust: string;
  readonly beacon: string;
  readonly proofs?: string;
  readonly model?: readonly string[];
  readonly origin?: string;
  readonly share?: string;
  readonly delay?: number;
  readonly within?: number;
  readonly from?: number;
  readonly checkpoint?: readonly string[];
  readonly at?: string;
}

export function addLog(program: Command, shell: Shell): void {
  const group = explainUsageErrors(program.command('log'))
    .summary('Check what an endpoint promised, and what its log shows')
    .description(
      'What comes with sealed answers, and the log of an endpoint, checked with the keys of a trust file.',
    );
  addPromise(group, shell);
  addEvidence(group, shell);
  addDraws(group, shell);
}

function addPromise(group: Command, shell: Shell): void {
  addCommand(group, {
    usage: 'promise <answer>',
    summary: 'Check the promises that came with an answer, before there is a proof',
    details:
      'Takes the JSON of an answer as the endpoint sent it, and the JSON of the request. Exits 0 only if each promise is ' +
      "the log's, and about this row, this model, this context and these outputs. Keep both files: with them you can show " +
      'a promise that is broken.',
    examples: [
      'quietproof log promise answer.json --request request.json --model artifacts/digits-mlp --trust trust.json',
    ],
  })
    .requiredOption('--request <request>', 'the request as it was sent')
    .requiredOption(
      '--model <artifact>',
      'the model you expect: an artifact folder or a folder with its model.json',
    )
    .requiredOption('--trust <trust>', 'the trust.json that names the log and its keys')
    .option('--context <text>', 'the context, if it was sent as the header X-Context')
    .option('--at <time>', "when the answer arrived, to compare the log's clock with yours")
    .action(onRun<PromiseWords>(shell, ([answer], words) => promise(shell, answer!, words)));
}

function addEvidence(group: Command, shell: Shell): void {
  addCommand(group, {
    usage: 'evidence <kept...>',
    summary: 'Find what shows that a log did what it must not, and check such evidence',
    details:
      'Takes checkpoints, promises, answers as they came, bundles with a log proof, and evidence that others wrote, and ' +
      'compares them with each other, and with the log. What is found can be checked by anybody who has the keys of the ' +
      'log. Exits 0 if nothing is shown, 1 if something is, 2 if a file is not of this log.',
    examples: [
      'quietproof log evidence answer.json --trust trust.json --log https://answers.example/log --out found',
      'quietproof log evidence found/evidence-1-fork.json --trust trust.json',
    ],
  })
    .requiredOption('--trust <trust>', 'the trust.json that names the log, its keys and its witnesses')
    .option('--log <address>', 'folder or URL of the log as it is now')
    .option('--origin <name>', 'name of the log, where the trust file has several')
    .option('--at <time>', 'judge for this time (default: now)')
    .option('--out <dir>', 'folder for what is found')
    .action(onRun<EvidenceWords>(shell, (kept, words) => evidence(shell, kept, words)));
}

function addDraws(group: Command, shell: Shell): void {
  addCommand(group, {
    usage: 'draws <address>',
    summary: 'Draw again: which answers of a log had to be proved, and which were not',
    details:
      'Takes the folder or URL of a log. Exits 0 if the log followed its policy and every drawn answer is proved or not ' +
      'due yet, 1 if not, 2 if a round of the beacon is missing. Without --share, --delay and --within, the policy is the ' +
      'one that the log itself announces.',
    examples: [
      'quietproof log draws https://answers.example/log --trust trust.json --share 1% --within 1h \\\n' +
        '      --beacon https://api.drand.sh/52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971 \\\n' +
        '      --proofs proofs --model artifacts/digits-mlp',
    ],
  })
    .requiredOption('--trust <trust>', 'the trust.json that names the log, its keys and its witnesses')
    .requiredOption(
      '--beacon <address>',
      'drand chain: URL of a node, ending in the hash of the chain; or a file with {"info", "rounds"}',
    )
    .option('--proofs <folder>', 'folder of the proofs that were handed out')
    .option('--model <artifact|id>', 'the model that they must be of; may be repeated', collect)
    .option('--origin <name>', 'name of the log, where the trust file has several')
    .option('--share <share>', 'share of answers that is drawn, e.g. 1%', parseShareText)
    .option('--delay <time>', 'from an answer to the first round that may draw it, e.g. 30s', parseDuration)
    .option('--within <time>', 'from a round to the proofs of what it drew, e.g. 1h', parseDuration)
    .option('--from <n>', 'index of the first entry to examine', parseFrom, 0)
    .option('--checkpoint <checkpoint>', 'a cosigned checkpoint that you kept; may be repeated', collect)
    .option('--at <time>', 'judge for this time (default: now)')
    .action(onRun<DrawsWords>(shell, ([address], words) => draws(shell, address!, words)));
}

async function promise(shell: Shell, answer: string, words: PromiseWords): Promise<void> {
  const [
    { readNamed },
    { expectedModel },
    { trustOfLog },
    { checkExchange },
    { renderPromises, promisesJson },
  ] = await Promise.all([
    import('@quietproof/verify/command/read-source'),
    import('@quietproof/verify/command/model-records'),
    import('@quietproof/verify'),
    import('../../server/http/sealed/check-exchange.ts'),
    import('../render/log-words.ts'),
  ]);
  const { record } = await expectedModel(words.model);
  if (record?.record.version !== 'quietproof/model/v2') {
    const what = 'A promise is checked with the record of the model: an artifact of this version';
    throw new QuietproofError('QP1001', { what, where: words.model });
  }
  const trust = await trustIn(words.trust);
  const rows = checkExchange(
    {
      request: await readNamed(words.request),
      answer: await readNamed(answer),
      ...(words.context !== undefined && { context: words.context }),
    },
    {
      model: record.record,
      logOf: (origin) => trustOfLog(trust, origin),
      ...(words.at !== undefined && { arrived: await secondsAt(words.at) }),
    },
  );
  const { modelId } = record.ids;
  shell.result(promisesJson(rows, modelId), () =>
    renderPromises(rows, { modelId, answer, trust: words.trust }, shell.style),
  );
}

async function evidence(shell: Shell, files: readonly string[], words: EvidenceWords): Promise<void> {
  const [{ readNamed }, { readKept }, { findEvidence }, { readLog }, { renderEvidence, evidenceJson }] =
    await Promise.all([
      import('@quietproof/verify/command/read-source'),
      import('../../log/examine/kept.ts'),
      import('../../log/examine/find-evidence.ts'),
      import('../../log/examine/log-reader.ts'),
      import('../render/log-words.ts'),
    ]);
  const log = await logIn(await trustIn(words.trust), words.origin);
  const kept = (await Promise.all(files.map(async (file) => readKept(file, await readNamed(file))))).flat();
  const found = await findEvidence({
    ...{ kept, log, now: await secondsAt(words.at) },
    ...(words.log !== undefined && { reader: readLog(words.log) }),
  });
  const { writeEvidence } = await import('../../log/examine/write-evidence.ts');
  const written = words.out === undefined ? [] : await writeEvidence(words.out, found.shown);
  if (found.shown.length > 0 || found.doubts.length > 0) shell.exit = EXIT.notValid;
  else if (found.refused.length > 0) shell.exit = EXIT.badInput;
  shell.result(evidenceJson(log.origin, found, written), () =>
    renderEvidence(log.origin, found, written, shell.style),
  );
}

async function draws(shell: Shell, address: string, words: DrawsWords): Promise<void> {
  const { proofs, model = [], share, delay, within, from, checkpoint = [] } = words;
  if ((proofs === undefined) !== (model.length === 0)) {
    throw new QuietproofError('QP1001', { what: '--proofs and --model are needed together' });
  }
  const [{ readNamed }, { drawAgain }, { provedLeaves }, { readLog }, { renderDraws }] = await Promise.all([
    import('@quietproof/verify/command/read-source'),
    import('../../log/examine/draw-again.ts'),
    import('../../log/examine/proved-leaves.ts'),
    import('../../log/examine/log-reader.ts'),
    import('../render/log-words.ts'),
  ]);
  const text = async (file: string) => new TextDecoder().decode(await readNamed(file));
  const drawn = await drawAgain({
    reader: readLog(address),
    log: await logIn(await trustIn(words.trust), words.origin),
    beacon: await beaconAt(words.beacon),
    policy: {
      ...(share !== undefined && { share }),
      ...(delay !== undefined && { delay }),
      ...(within !== undefined && { within }),
    },
    ...(from !== undefined && { from }),
    checkpoints: await Promise.all(checkpoint.map(text)),
    proved: async (leaves) => (proofs === undefined ? new Set() : provedLeaves(proofs, leaves, model)),
    now: await secondsAt(words.at),
  });
  const { faults, wanted } = drawn.audit;
  if (faults.length > 0) shell.exit = EXIT.notValid;
  else if (wanted.length > 0) shell.exit = EXIT.badInput;
  shell.result(drawn, () => renderDraws(drawn, shell.style));
}
