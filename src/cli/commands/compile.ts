import path from 'node:path';
import { type Command, Option } from 'commander';
import type { CompileResult, CompileStep } from '../../compile/compile-model.ts';
import { formatCount, formatPercent } from '../../text/units.ts';
import { addCommand, onRun } from '../command.ts';
import { defaultArtifact } from '../default-artifact.ts';
import { DUMP_STAGES, type DumpStage } from '../dump-stages.ts';
import { nextStep } from '../next-step.ts';
import { costRows, renderCost } from '../render/cost.ts';
import { describeStatement } from '../render/statement-words.ts';
import type { Shell } from '../shell.ts';
import { addStatementOptions, type StatementWords, statementOptions } from '../statement-options.ts';

interface CompileWords extends StatementWords {
  readonly calibration: string;
  readonly test?: string;
  readonly out?: string;
  readonly name?: string;
  readonly dump?: DumpStage;
  readonly skipCheck?: boolean;
}

const STEPS: Readonly<Record<CompileStep, string>> = {
  import: 'reading the model',
  quantize: 'choosing scales and bits',
  circom: 'compiling the circuit with circom',
  check: 'checking witnesses against the constraints',
  accuracy: 'measuring accuracy against the float model',
  soundness: 'proving the circuit sound',
  write: 'writing the artifact',
};

export function addCompile(program: Command, shell: Shell): void {
  const command = addCommand(program, {
    usage: 'compile <model>',
    summary: 'Turn a model into a circuit, quantized on your data',
    details:
      'Every value gets a proved range. The accuracy report compares the integer model with the float model.',
    examples: [
      'quietproof compile models/digits-mlp/model.onnx --calibration models/digits-mlp/test.json',
      'quietproof compile model.onnx --calibration train.csv --test test.csv --output label --threshold 0.7',
    ],
  })
    .requiredOption('--calibration <data>', 'rows whose ranges set the scales: .json, .npy or .csv')
    .option('--test <data>', 'rows for the accuracy report (default: the calibration rows)')
    .option('--out <dir>', 'the artifact folder (default: artifacts/<name>)')
    .option('--name <label>', 'label of the model (default: the name of its file or folder)')
    .option('--skip-check', 'skip the proof that the circuit is sound; the manifest records this')
    .addOption(
      new Option('--dump <stage>', 'print one intermediate stage and write no files').choices(DUMP_STAGES),
    );
  addStatementOptions(command).action(
    onRun<CompileWords>(shell, ([model], words) => compile(shell, model!, words)),
  );
}

async function compile(shell: Shell, model: string, words: CompileWords): Promise<void> {
  const options = {
    ...statementOptions(words),
    model,
    calibration: words.calibration,
    ...(words.test !== undefined && { test: words.test }),
    out: words.out ?? (await defaultArtifact(model, words.name)),
    ...(words.name !== undefined && { name: words.name }),
    ...(words.skipCheck && { skipCheck: true }),
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
  }).finally(() => shell.endSteps());
  for (const note of result.notes) shell.note(note);
  const { manifest, accuracy, circom, notes } = result;
  shell.result({ artifact: options.out, manifest, accuracy, circom, notes }, () =>
    render(options.out, result, shell),
  );
}

function render(out: string, { manifest, accuracy }: CompileResult, { style }: Shell): string {
  const { cost, quantization, statement } = manifest;
  return [
    `${style.green('✓')} ${style.bold(`${manifest.name} compiled into ${out}`)}`,
    '',
    renderCost(cost, costRows(cost, statement.input), style),
    '',
    `  proves    ${describeStatement(statement)}`,
    `  bits      ${quantization.reason}`,
    `  accuracy  ${describeAccuracy(accuracy)}`,
    `  circuit   ${path.posix.join(out, 'circuit.r1cs')}, id ${manifest.manifest.chain.circuit.slice(0, 16)}…`,
    nextStep('setup', out, { '--dev': true }),
  ].join('\n');
}

function describeAccuracy(accuracy: CompileResult['accuracy']): string {
  const { rows, floatAccuracy, integerAccuracy, labelFlips, maxAbsError, meanAbsError } = accuracy;
  const parts = [`${formatCount(rows)} rows`];
  if (floatAccuracy !== undefined && integerAccuracy !== undefined) {
    parts.push(`float ${formatPercent(floatAccuracy)}, integer ${formatPercent(integerAccuracy)}`);
  }
  if (labelFlips !== undefined)
    parts.push(`${labelFlips} labels differ (${formatPercent(labelFlips / rows)})`);
  if (maxAbsError !== undefined && meanAbsError !== undefined) {
    parts.push(
      `output error ${maxAbsError.toPrecision(2)} at most, ${meanAbsError.toPrecision(2)} on average`,
    );
  }
  return parts.join('; ');
}
