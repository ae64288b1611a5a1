import path from 'node:path';
import { type Command, Option } from 'commander';
import type { CompileResult, CompileStep } from '../../compile/compile-model.ts';
import type { BrokenContractError } from '../../compile/quality/broken-contract.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { addCommand, onRun } from '../command.ts';
import { addContractOptions, type ContractWords, contractOptions } from '../contract-options.ts';
import { defaultArtifact } from '../default-artifact.ts';
import { DUMP_STAGES, type DumpStage } from '../dump-stages.ts';
import { nextStep } from '../next-step.ts';
import { costRows, renderCost } from '../render/cost.ts';
import { describeAccuracy, describeJudgement, qualityMark, renderBroken } from '../render/quality.ts';
import { describeAlternatives, describeStatement } from '../render/statement-words.ts';
import type { Shell } from '../shell.ts';
import { addStatementOptions, type StatementWords, statementOptions } from '../statement-options.ts';

interface CompileWords extends StatementWords, ContractWords {
  readonly calibration: string;
  readonly out?: string;
  readonly name?: string;
  readonly dump?: DumpStage;
  readonly skipCheck?: boolean;
  readonly acceptLoss?: boolean;
}

const STEPS: Readonly<Record<CompileStep, string>> = {
  import: 'reading the model',
  quantize: 'choosing scales and bits, judged on held-out rows',
  circom: 'compiling the circuit with circom',
  check: 'checking witnesses against the constraints',
  soundness: 'proving the circuit sound',
  write: 'writing the artifact',
};

export function addCompile(program: Command, shell: Shell): void {
  const command = addCommand(program, {
    usage: 'compile <model>',
    summary: 'Turn a model into a circuit, quantized on your data',
    details:
      "Every value gets a proved range. The integer model must keep a contract on rows that it was not calibrated on, measured against the file's own outputs: a label by --max-flips, logits by --max-error. Without --bits, the cheapest bits that keep it are found.",
    examples: [
      'quietproof compile models/digits-mlp/model.onnx --calibration models/digits-mlp/test.json',
      'quietproof compile model.onnx --calibration train.csv --test test.csv --output label --threshold 0.7',
    ],
  })
    .requiredOption('--calibration <data>', 'rows whose ranges set the scales: .json, .npy or .csv')
    .option('--out <dir>', 'the artifact folder (default: artifacts/<name>)')
    .option('--name <label>', 'label of the model (default: the name of its file or folder)')
    .option('--accept-loss', 'compile although the contract is broken; the record and every verdict say so')
    .option('--skip-check', 'skip the proof that the circuit is sound; the manifest records this')
    .addOption(
      new Option('--dump <stage>', 'print one intermediate stage and write no files').choices(DUMP_STAGES),
    );
  addStatementOptions(addContractOptions(command)).action(
    onRun<CompileWords>(shell, ([model], words) => compile(shell, model!, words)),
  );
}

async function compile(shell: Shell, model: string, words: CompileWords): Promise<void> {
  const options = {
    ...statementOptions(words),
    model,
    calibration: words.calibration,
    ...contractOptions(words),
    out: words.out ?? (await defaultArtifact(model, words.name)),
    ...(words.name !== undefined && { name: words.name }),
    ...(words.skipCheck && { skipCheck: true }),
    ...(words.acceptLoss && { acceptLoss: true }),
  };
  if (words.dump !== undefined) {
    const { dumpStage } = await import('../dump-stage.ts');
    const text = await dumpStage(words.dump, options);
    shell.result({ stage: words.dump, content: text }, () => text.trimEnd());
    return;
  }
  const { compileModel } = await import('../../compile/compile-model.ts');
  const signal = shell.interruptible();
  const result = await compileModel({
    ...options,
    signal,
    onStep: (step) => shell.step(STEPS[step]),
  })
    .finally(() => shell.endSteps())
    .catch((error: unknown) => {
      if (isBroken(error))
        shell.result({ broken: error.report }, () => renderBroken(error.report, shell.style));
      throw error;
    });
  for (const note of result.notes) shell.note(note);
  const { manifest, judgement, accuracy, circom, notes } = result;
  shell.result({ artifact: options.out, manifest, judgement, accuracy, circom, notes }, () =>
    render(options.out, result, shell),
  );
}

/** By its report, so that the compiler is not loaded for help. */
function isBroken(error: unknown): error is BrokenContractError {
  return error instanceof QuietproofError && error.code === 'QP3103';
}

function render(
  out: string,
  { manifest, judgement, accuracy, outputs, layerName }: CompileResult,
  { style }: Shell,
): string {
  const { cost, quantization, statement } = manifest;
  return [
    `${qualityMark(judgement, style)} ${style.bold(`${manifest.name} compiled into ${out}`)}`,
    '',
    renderCost(cost, costRows(cost, statement.input, layerName), style),
    '',
    `  proves    ${describeStatement(statement)}`,
    ...describeAlternatives(outputs).map((what) => `  or        ${what}`),
    `  bits      ${quantization.reason}`,
    `  contract  ${describeJudgement(judgement)}`,
    `  measured  ${describeAccuracy(accuracy)}`,
    `  circuit   ${path.posix.join(out, 'circuit.r1cs')}, id ${manifest.manifest.chain.circuit.slice(0, 16)}…`,
    nextStep('setup', out, { '--dev': true }),
  ].join('\n');
}
