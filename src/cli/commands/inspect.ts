import type { Command } from 'commander';
import { describeWidths } from '../../compile/describe-widths.ts';
import type { Comparisons, InputReport, ModelReport } from '../../compile/inspect-model.ts';
import type { Categories } from '../../data/categories.ts';
import { ERROR_REGISTRY } from '../../errors/registry.ts';
import { formatBytes, formatCount, formatDuration, plural } from '../../text/units.ts';
import { addCommand, onRun } from '../command.ts';
import { addContractOptions, type ContractWords, contractOptions, percentage } from '../contract-options.ts';
import { nextStep, YOUR_DATA } from '../next-step.ts';
import { findPath } from '../paths/found-path.ts';
import { renderCost } from '../render/cost.ts';
import { describeJudgement } from '../render/quality.ts';
import { describeAlternatives, describeDecision } from '../render/statement-words.ts';
import { renderPairs } from '../render/table.ts';
import type { Shell } from '../shell.ts';
import { addStatementOptions, type StatementWords, statementOptions } from '../statement-options.ts';
import { inspectArtifactCommand } from './inspect-artifact.ts';

interface InspectWords extends StatementWords, ContractWords {
  readonly calibration?: string;
}

export function addInspect(program: Command, shell: Shell): void {
  const command = addCommand(program, {
    usage: 'inspect <model-or-artifact>',
    summary: 'Say whether a model can be proved and at what cost, or where an artifact stands',
    details:
      'Of a model, predicts constraints by layer, key size, memory and time. Of an artifact, says whose contributions its ' +
      'key has, and what comes next.',
    examples: [
      'quietproof inspect models/digits-mlp/model.onnx',
      'quietproof inspect model.onnx --calibration train.csv --input public',
      'quietproof inspect artifacts/digits-mlp',
    ],
  }).option('--calibration <data>', 'rows to choose scales and bits with (default: made-up rows, 8 bits)');
  addStatementOptions(addContractOptions(command)).action(
    onRun<InspectWords>(shell, ([model], words) => inspect(shell, model!, words)),
  );
}

async function inspect(shell: Shell, model: string, words: InspectWords): Promise<void> {
  if ((await findPath(model)) === 'artifact') return inspectArtifactCommand(shell, model);
  const { inspectModel } = await import('../../compile/inspect-model.ts');
  shell.phase('inspect');
  const { calibration } = words;
  const options = {
    ...statementOptions(words),
    ...contractOptions(words),
    ...(calibration !== undefined && { calibration }),
  };
  const report = await inspectModel(model, options);
  const { nativeProver } = await import('../../prover/native-binary.ts');
  const isNativeBuilt = nativeProver().state === 'ready';
  shell.result({ ...report, prover: isNativeBuilt ? 'native' : 'snarkjs' }, () => {
    const found = render(report, isNativeBuilt, shell);
    return report.refusal === undefined ? [found, nextCompile(model, words)].join('\n') : found;
  });
  if (report.refusal !== undefined) shell.exit = ERROR_REGISTRY[report.refusal.code].exit;
}

function nextCompile(model: string, words: InspectWords): string {
  const { calibration = YOUR_DATA, test, maxFlips, maxError, output, threshold, input, bits, card } = words;
  return nextStep('compile', model, {
    '--calibration': calibration,
    '--test': test,
    '--max-flips': percentage(maxFlips),
    '--max-error': percentage(maxError),
    '--output': output,
    '--threshold': threshold,
    '--input': input,
    '--bits': bits,
    '--card': card,
  });
}

function render(report: ModelReport, isNativeBuilt: boolean, { style }: Shell): string {
  const { comparisons, cost, layers, basis, widths, judgement } = report;
  const rough = basis === 'calibration' ? '' : style.dim('; a rough guess until you add --calibration');
  return [
    style.bold(`${report.name}: ${verdictOf(report)}`),
    '',
    indent(renderPairs(describe(report), style.dim)),
    '',
    renderCost(cost, layers, style),
    '',
    ...(comparisons === undefined ? [] : [...describeComparisons(comparisons, cost.constraints), '']),
    comparisons?.isExact === true
      ? '  no bits to choose: trees compare the float32 numbers themselves'
      : `  at ${describeWidths(widths)}${rough}`,
    ...(judgement === undefined ? [] : [`  contract ${describeJudgement(judgement)}`]),
    '',
    indent(renderPairs(describePrediction(report, isNativeBuilt), style.dim)),
  ].join('\n');
}

function verdictOf({ refusal }: ModelReport): string {
  return refusal === undefined ? 'this model can be proved' : 'this model is too large to compile';
}

/** What it takes; why it cannot be compiled, where that is so. */
function describePrediction(
  { prediction, refusal }: ModelReport,
  isNativeBuilt: boolean,
): [string, string][] {
  if (refusal !== undefined) {
    return [
      ['compile', `refused: ${refusal.where}`],
      ['→', refusal.fix],
    ];
  }
  const { compileSeconds, circomBytes, keyBytes, provers } = prediction;
  const proving = ({ seconds, memoryBytes }: typeof provers.native) =>
    `about ${formatDuration(seconds)} per row and core, ${formatBytes(memoryBytes)}`;
  return [
    ['compile', `about ${formatDuration(compileSeconds)}, ${formatBytes(circomBytes)}`],
    ['proving key', `about ${formatBytes(keyBytes)}`],
    [
      'prove',
      `${proving(provers.native)}${isNativeBuilt ? '' : ', with the native prover, which is not built'}`,
    ],
    ['with snarkjs', proving(provers.snarkjs)],
  ];
}

/** Features that are named, of those with the most thresholds. */
const NAMED_CUTS = 3;

/** What comparisons cost, and how to make them fewer where they are most of the cost. */
function describeComparisons({ cuts, constraints }: Comparisons, all: number): string[] {
  const total = cuts.reduce((sum, own) => sum + own.cuts, 0);
  const most = cuts.slice(0, NAMED_CUTS).map(({ value, cuts: own }) => `${value} has ${formatCount(own)}`);
  const line = `  ${formatCount(total)} thresholds of ${plural(cuts.length, 'value')} cost ${formatCount(constraints)} of ${formatCount(all)} constraints: ${most.join(', ')}`;
  if (2 * total < all) return [line];
  return [
    line,
    '  → fewer distinct thresholds cost less: train with a smaller max_bin, or on rounded features',
  ];
}

function describe({ source, input, outputs, layers }: ModelReport): [string, string][] {
  const total = (key: 'parameters' | 'macs') =>
    formatCount(layers.reduce((sum, layer) => sum + layer[key], 0));
  return [
    [
      'file',
      `${source.file} (${source.format}${source.producer === undefined ? '' : `, ${source.producer}`})`,
    ],
    ...input.parts.map(describeInput),
    ...outputs.flatMap((output) => describeOutput(output, outputs.length > 1)),
    ['size', `${total('parameters')} parameters, ${total('macs')} multiplications`],
  ];
}

function describeInput({ name, shape, count, values, texts = [] }: InputReport): [string, string] {
  const whole = values.kind === 'real' ? 'number' : 'integer';
  const what = texts.length > 0 ? 'text' : whole;
  const size = count === 1 ? `1 ${what}` : `${shape.join('×')} ${what}s`;
  const [only] = texts;
  return ['input', `${size}, "${name}"${only !== undefined && count === 1 ? describeCategories(only) : ''}`];
}

function describeCategories({ values, unknown }: Categories): string {
  const others = { refused: 'others are refused', coded: 'others are taken as unknown' };
  return `: ${values.length === 1 ? '1 category' : `${formatCount(values.length)} categories`}, ${others[unknown]}`;
}

function describeOutput(output: ModelReport['outputs'][number], isNamed: boolean): [string, string][] {
  const { name, scores, head, decision, classes = [] } = output;
  const final = head === 'none' ? '' : `, then ${head}`;
  return [
    ['output', `${scores === 1 ? '1 score' : `${scores} scores`}${final}${isNamed ? `, "${name}"` : ''}`],
    ['a proof says', describeDecision(decision, scores)],
    ...describeAlternatives([output]).map((what): [string, string] => ['or', what]),
    ...(classes.length === 0 ? [] : [describeClasses(classes)]),
  ];
}

/** Classes that are named in one line. */
const NAMED_CLASSES = 10;

function describeClasses(classes: readonly string[]): [string, string] {
  const shown = classes.slice(0, NAMED_CLASSES).map((name) => `"${name}"`);
  const more = classes.length - shown.length;
  return ['labels', `${shown.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`];
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
