import path from 'node:path';
import { type AnyModelRecord, type InputMode, readingOf } from '@quietproof/verify';
import { type FileVerdict, verifyFiles } from '@quietproof/verify/command/verify-files';
import { artifactInput } from '../../artifact/provable-artifact.ts';
import { compileModel } from '../../compile/compile-model.ts';
import type { Judgement } from '../../compile/quality/judge.ts';
import type { DataSet } from '../../data/data-set.ts';
import { readRows } from '../../data/read-rows.ts';
import { writeReceipt } from '../../export/receipt/write-receipt.ts';
import { proveBatch } from '../../prove/batch.ts';
import { setUpArtifact } from '../../setup/set-up-artifact.ts';
import { formatBytes, formatCount, formatDuration, formatRate, plural } from '../../text/units.ts';
import type { Progress } from '../render/progress.ts';
import { describeAccuracy, describeJudgement } from '../render/quality.ts';
import type { Output } from '../render/style.ts';
import type { Shell } from '../shell.ts';
import { renderConclusion, renderRefusal, renderWrongAnswers } from './conclusion.ts';
import type { DemoCase } from './demo-case.ts';
import { changedLabel, resealed } from './tampering.ts';

interface DemoPaths {
  readonly model: string;
  readonly data: string;
  /** Where the artifact and the proofs go. */
  readonly folder: string;
}

/** What is said of the input after the number of constraints. */
const INPUT_WORDS: { readonly [M in InputMode]: (cost: { readonly digest: number }) => string } = {
  digest: ({ digest }) => `, ${formatCount(digest)} of which hash the input: it stays private`,
  public: () => '; the input is in the proof, so that its receipt can show it',
};

/** Runs the whole pipeline on a real model and explains each step. Takes about 20 s on two cores. */
export async function runDemo(shell: Shell, output: Output, shown: DemoCase, folder: string): Promise<void> {
  const own = path.posix.join('models', shown.name);
  const paths = { model: `${own}/model.onnx`, data: `${own}/${shown.data}`, folder };
  const demo = new Demo(shell, output, shown, paths);
  demo.introduce();
  await demo.compile();
  const model = await demo.setUp();
  const [answer] = readingOf(model.interface).outputs;
  const classes = answer !== undefined && 'names' in answer ? answer.names : undefined;
  const spec = await artifactInput(demo.artifact);
  // Unlike rows to prove, these have labels, with which the answers are compared.
  const data = await readRows(paths.data, {
    ...spec,
    takesLabels: true,
    ...(classes !== undefined && { classes }),
  });
  await demo.prove(data);
  await demo.verify(model, data);
  if (shown.receipt) await demo.writeReceipt();
  await demo.tamper(model);
  demo.conclude(model);
}

class Demo {
  readonly artifact: string;
  readonly proofs: string;
  readonly #shell: Shell;
  readonly #output: Output;
  readonly #case: DemoCase;
  readonly #paths: DemoPaths;
  #step = 0;

  constructor(shell: Shell, output: Output, shown: DemoCase, paths: DemoPaths) {
    this.#shell = shell;
    this.#output = output;
    this.#case = shown;
    this.#paths = paths;
    this.artifact = path.posix.join(paths.folder, shown.name);
    this.proofs = path.posix.join(paths.folder, 'proofs');
  }

  introduce(): void {
    const { bold, dim } = this.#shell.style;
    this.#print('', bold('Quietproof: every answer of a model, with a proof that this exact model gave it'));
    this.#print(dim(this.#case.about));
  }

  async compile(): Promise<void> {
    this.#title(`Compile ${this.#paths.model} into a circuit`);
    const started = performance.now();
    const { model, data } = this.#paths;
    const { card, input } = this.#case;
    const { manifest, accuracy, judgement } = await compileModel({
      model,
      calibration: data,
      input,
      ...(card !== undefined && { card: path.join(path.dirname(model), card) }),
      out: this.artifact,
      onStep: (step) => this.#shell.live && this.#shell.step(`  ${step}`),
    });
    this.#shell.endSteps();
    const { cost } = manifest;
    this.#done(started, `${formatCount(cost.constraints)} constraints${INPUT_WORDS[input](cost)}`);
    this.#note(`bits: ${manifest.quantization.reason}`);
    this.#judged(judgement, describeAccuracy(accuracy));
  }

  async setUp(): Promise<AnyModelRecord> {
    this.#title('Make a development proving key');
    const started = performance.now();
    if (this.#shell.live) this.#shell.step('  making the key and trying it with random witnesses');
    const { model, zkeyBytes } = await setUpArtifact(this.artifact, { source: { kind: 'development' } });
    this.#shell.endSteps();
    this.#done(started, `${formatBytes(zkeyBytes)}; model id ${model!.ids.modelId.slice(0, 16)}…`);
    return model!;
  }

  async prove(data: DataSet): Promise<void> {
    this.#title(`Prove ${this.#case.rows} rows of test data, in a pool of workers`);
    const rows = data.rows.slice(0, this.#case.rows).map((values, index) => ({ index, values }));
    let bar: Progress | undefined;
    const report = await proveBatch({
      artifactDir: this.artifact,
      rows,
      outDir: this.proofs,
      onProgress: ({ done, total }) => {
        bar ??= this.#shell.progress('  proved', total);
        bar.update(done);
      },
    });
    bar?.finish();
    const { seconds, proofsPerSecond, workers, peakMemory } = report;
    const pace = `${formatRate(proofsPerSecond)} proofs/s in ${plural(workers, 'worker')}`;
    this.#note(
      `${formatDuration(seconds)} including startup, ${pace}; peak memory ${formatBytes(peakMemory)}`,
    );
  }

  async verify(model: AnyModelRecord, data: DataSet): Promise<void> {
    this.#title('Verify them as anyone could: offline, with only the model id');
    const started = performance.now();
    const verdicts: FileVerdict[] = [];
    for await (const found of verifyFiles([this.proofs], { model: model.ids.modelId })) verdicts.push(found);
    const seconds = (performance.now() - started) / 1000;
    this.#print('', ...this.#case.render(data, verdicts, this.#shell.style), '');
    const accepted = verdicts.filter(({ verdict }) => verdict.accepted).length;
    this.#note(
      `${accepted} of ${verdicts.length} accepted, ${formatDuration(seconds / verdicts.length)} each`,
    );
    this.#print(...renderWrongAnswers(verdicts, data, this.#shell.style));
  }

  async writeReceipt(): Promise<void> {
    this.#title('Write a receipt: one page that says what was asked and answered, and checks itself offline');
    const bundle = path.join(this.proofs, '000000.proof.json');
    const { file, size } = await writeReceipt(bundle, path.join(this.#paths.folder, 'receipt.html'));
    this.#note(`${file}, ${formatBytes(size)}: open it in a browser`);
  }

  async tamper(model: AnyModelRecord): Promise<void> {
    this.#title('Tamper with one: change the label it states');
    const file = path.join(this.proofs, '000000.proof.json');
    const folder = path.join(this.#paths.folder, 'tampered');
    const options = { model: model.ids.modelId };
    const { from, to, file: changed } = await changedLabel(file, folder, model);
    await this.#refusal(`${from} becomes ${to}`, changed, options);
    await this.#refusal(
      'and its statement is resealed to match',
      await resealed(changed, folder, model),
      options,
    );
  }

  conclude(model: AnyModelRecord): void {
    const { artifact, proofs } = this;
    this.#print(
      ...renderConclusion(
        { ...this.#paths, ...this.#case, data: this.#paths.data, artifact, proofs },
        model,
        this.#shell.style,
      ),
    );
  }

  async #refusal(what: string, file: string, options: { readonly model: string }): Promise<void> {
    for await (const { verdict } of verifyFiles([file], options)) {
      if (verdict.accepted) throw new Error(`${file} was changed but is accepted`);
      this.#print(...renderRefusal(what, verdict, this.#shell.style));
    }
  }

  #title(text: string): void {
    const { bold, cyan } = this.#shell.style;
    this.#step += 1;
    this.#print('', `${cyan(String(this.#step))} ${bold(text)}`);
  }

  #done(started: number, ...facts: readonly string[]): void {
    this.#note([formatDuration((performance.now() - started) / 1000), ...facts].join(', '));
  }

  /** ✓ only where the contract is kept. */
  #judged(judgement: Judgement, measured: string): void {
    const { green, yellow } = this.#shell.style;
    const mark = judgement.result === 'kept' ? green('✓') : yellow('·');
    this.#print(`  ${mark} ${describeJudgement(judgement)}`, `    ${measured}`);
  }

  #note(text: string): void {
    this.#print(`  ${this.#shell.style.green('✓')} ${text}`);
  }

  #print(...lines: readonly string[]): void {
    for (const line of lines) this.#output.write(`${line}\n`);
  }
}
