import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ALARM_WORDS, type Alarm } from '@quietproof/client';
import { compileModel } from '../../../compile/compile-model.ts';
import { setUpArtifact } from '../../../setup/set-up-artifact.ts';
import { writeNewKeys } from '../../../sign/signing-key.ts';
import { formatDuration, plural } from '../../../text/units.ts';
import { OWN_PATHS } from '../../../watch/pages/own-paths.ts';
import { totals } from '../../../watch/pages/verdict.ts';
import { standing, type WatchReport } from '../../../watch/report.ts';
import type { Output, Style } from '../../render/style.ts';
import { ask, readTestRows, type SeenAnswer, type TestRows } from './client.ts';
import { end, type Started, startProvider, startWatch } from './processes.ts';
import { Story } from './story.ts';

const MODEL = 'models/breast-cancer-mlp';
const ORIGIN = 'log.example/tumour';
/** Seconds from an answer to its proof: the provider's promise. Short, so that the story is. */
const WITHIN = 30;
/** Rows of test data: the same before and after, so that nothing but the model differs. */
const [FIRST, ANSWERS] = [40, 24] as const;
/** Milliseconds from one request to the next. */
const PACE = 150;

/** A provider swaps a model silently, and the watch of a user finds it. Takes about a minute on two cores. */
export async function runEndpointDemo(style: Style, output: Output, folder: string): Promise<void> {
  const story = new Story(style, output);
  story.opening(
    'Quietproof: the answers looked the same, the watch did not',
    'A provider tells whether a tumour is malignant: 30 measurements in, one word out. You ask over HTTP.',
  );
  const started: Started[] = [];
  try {
    await new EndpointDemo(story, folder, started).run();
  } finally {
    for (const one of started.reverse()) await end(one);
  }
}

class EndpointDemo {
  readonly #story: Story;
  readonly #folder: string;
  readonly #artifact: string;
  readonly #started: Started[];

  constructor(story: Story, folder: string, started: Started[]) {
    [this.#story, this.#folder, this.#started] = [story, folder, started];
    this.#artifact = path.posix.join(folder, 'tumour');
  }

  async run(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const rows = await readTestRows(`${MODEL}/test.json`);
    const provider = await this.#serve();
    const watch = await this.#watch(provider);
    const before = await this.#askMany(watch, rows, `about ${ANSWERS} tumours`);
    await this.#showQuiet(watch);
    this.#story.step('The provider swaps the model: one comparison answers instead of the network');
    provider.process.send('swap');
    const swapped = Date.now() / 1000;
    this.#story.note('the name, the model id, the receipts and the log go on as before');
    const after = await this.#askMany(watch, rows, 'about the same ones again');
    this.#compare(before, after);
    await this.#showAlarms(watch, rows, after, swapped);
    await this.#conclude(watch);
  }

  async #serve(): Promise<Started> {
    const story = this.#story;
    story.step('A provider compiles its model, makes a key, and serves it');
    const { manifest } = await compileModel({
      ...{ model: `${MODEL}/model.onnx`, calibration: `${MODEL}/test.json`, bits: 9 },
      ...{ input: 'digest', out: this.#artifact, name: 'tumour' },
    });
    const { model } = await setUpArtifact(this.#artifact, { source: { kind: 'development' } });
    const key = path.join(this.#folder, 'log.pem');
    await writeNewKeys(key);
    const state = path.join(this.#folder, 'provider');
    const words = { artifact: this.#artifact, key, state, origin: ORIGIN, within: WITHIN };
    const provider = await startProvider(words);
    this.#started.push(provider);
    story.done(`${manifest.cost.constraints} constraints; model id ${model!.ids.modelId.slice(0, 16)}…`);
    story.done(`serving at ${provider.url}; each answer is promised a proof within ${WITHIN} s`);
    return provider;
  }

  async #watch(provider: Started): Promise<Started> {
    const story = this.#story;
    story.step('You put the watch between your client and the provider. The client changes one address');
    const words = ['--upstream', provider.url, '--model', this.#artifact];
    const state = path.posix.join(this.#folder, 'watch');
    const watch = await startWatch([
      ...[...words, '--state', state, '--listen', '127.0.0.1:0'],
      ...['--ask', '100%', '--ask-after', '1s', '--grace', '1s', '--every', '1s'],
    ]);
    this.#started.push(watch);
    story.print(`    quietproof watch ${words.join(' ')} …`);
    story.done(`watching at ${watch.url}`);
    return watch;
  }

  async #askMany(watch: Started, { rows }: TestRows, what: string): Promise<SeenAnswer[]> {
    const seen: SeenAnswer[] = [];
    this.#story.note(`your client asks ${what} …`);
    for (let k = FIRST; k < FIRST + ANSWERS; k += 1) {
      const [answer] = await Promise.all([ask(watch.url, rows[k]!, k), pause(PACE)]);
      seen.push(answer);
    }
    return seen;
  }

  async #showQuiet(watch: Started): Promise<void> {
    const report = await this.#story.until('for the log and the proofs that were promised', async () => {
      const now = await reportOf(watch);
      const { answers: checked, waitingForLog, waitingForProof } = totals(now);
      const isQuiet = checked === ANSWERS && waitingForLog + waitingForProof === 0;
      return isQuiet || standing(now).length > 0 ? now : undefined;
    });
    const { answers, proved } = totals(report);
    const alarms = plural(standing(report).length, 'alarm');
    if (standing(report).length > 0) {
      this.#story.wrong(
        `the watch: ${alarms}. This machine is too busy to prove within ${WITHIN} s: the alarms are right`,
      );
      return;
    }
    this.#story.done(
      `the watch: ${answers} promises hold, ${answers} answers are in the log, ${proved} proofs checked, ${alarms}`,
    );
  }

  /** What a user without the watch could have noticed. */
  #compare(before: readonly SeenAnswer[], after: readonly SeenAnswer[]): void {
    const words = (seen: readonly SeenAnswer[]) => {
      const ok = seen.filter(({ status }) => status === 200).length;
      const malignant = seen.filter(({ label }) => label === 'malignant').length;
      const receipts = new Set(seen.map(({ receiptId }) => receiptId)).size;
      return `${ok} × 200 OK, ${malignant} malignant, ${seen.length - malignant} benign, ${receipts} receipts`;
    };
    this.#story.print(`    before  ${words(before)}`, `    after   ${words(after)}`);
  }

  async #showAlarms(
    watch: Started,
    { labels }: TestRows,
    after: readonly SeenAnswer[],
    swapped: number,
  ): Promise<void> {
    const story = this.#story;
    const wrong = after.filter(({ row, label }) => labels[row] !== label);
    story.step('What the watch says');
    const alarms = await story.until('for the deadlines of these proofs', async () => {
      const about = new Set(wrong.map(({ receiptId }) => receiptId));
      const stand = standing(await reportOf(watch)).filter(({ receiptId = '' }) => about.has(receiptId));
      return stand.length >= wrong.length ? stand : undefined;
    });
    for (const alarm of alarms) this.#tell(alarm, after, labels);
    const same = after.length - wrong.length;
    const [first] = alarms;
    story.done(
      `the swap was noticed ${formatDuration(first!.found - swapped)} after it, with promises of ${WITHIN} s`,
    );
    story.note(`${same} of the ${after.length} answers are what the model says too: those could be proved.`);
  }

  #tell(alarm: Alarm, after: readonly SeenAnswer[], labels: TestRows['labels']): void {
    const story = this.#story;
    const { kind, code, since, found, detail, receiptId } = alarm;
    story.wrong(story.style.bold(ALARM_WORDS[kind]));
    story.note(`${detail} ${code}, found ${formatDuration(found - since)} after that.`);
    const about = after.find((answer) => answer.receiptId === receiptId);
    if (about === undefined) return;
    story.note(
      `tumour ${about.row}: the model says ${labels[about.row]}; your client was told ${about.label}`,
    );
  }

  async #conclude(watch: Started): Promise<void> {
    const story = this.#story;
    const page = path.posix.join(this.#folder, 'watch.html');
    await writeFile(page, await (await fetch(watch.url + OWN_PATHS.page)).text());
    const code = await end(watch);
    story.step('Where to look');
    story.print(
      `  ${page}  the page of the watch, as it was just now`,
      `  quietproof watch ended with exit code ${code}: an alarm stands`,
    );
    story.print('', story.style.dim(LIMIT));
  }
}

async function reportOf({ url }: Started): Promise<WatchReport> {
  return (await fetch(url + OWN_PATHS.status)).json();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const LIMIT =
  'The watch sees what it asked about and what was promised to it: its page says what it cannot see.';
