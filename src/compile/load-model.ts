import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type InputMode, isPrintable } from '@quietproof/verify';
import { wantedNames } from '../data/columns.ts';
import type { Accepted, DataSet, RowSpec } from '../data/data-set.ts';
import { readRows } from '../data/read-rows.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';
import type { FloatGraph, GraphOutput, InputTensor } from '../graph/float-graph.ts';
import { simplifyGraph } from '../graph/simplify.ts';
import { importModel, mainFile } from '../import/import-model.ts';
import { isWidth, NARROWEST_BITS, WIDEST_BITS } from '../quantize/bit-widths.ts';
import { answerNames, type Card, checkCard, declaredRanges, parseCard } from '../quantize/card.ts';
import { answerCount, type Decision } from '../quantize/decision.ts';
import { gappedFeatures } from '../quantize/gapped-features.ts';
import type { RankedFeatures } from '../quantize/input-encoding.ts';
import { rankedFeatures } from '../quantize/ranked-features.ts';
import { refuseConstantLabels } from './constant-outputs.ts';
import { chooseDecisions, parseOutputChoice } from './output-choice.ts';

/** Options about the statement and its precision, common to `compile` and `inspect`. */
export interface StatementOptions {
  /**
   * `label` or `logits`, for all outputs; or names of outputs of the file, separated by commas, each of which may end in
   * `=label` or `=logits`. Default: of all outputs, the label if it is a classifier's, else the logits. An output of as many
   * values as the input has, which come from fewer, is no classifier's.
   */
  readonly output?: string;
  /** Threshold for labels of single scores and of sigmoids. Default 0.5 if the model ends in a sigmoid. */
  readonly threshold?: number;
  /** Default 'digest'. */
  readonly input?: InputMode;
  /** Bits of weights, input and activations, 3 … 16; 'auto' finds the cheapest that keep the contract. Default 'auto'. */
  readonly bits?: 'auto' | number;
  /** Path of a model card. */
  readonly card?: string;
  /** A label for people, which no digest up to the circuit depends on; default: from the model's file or folder. */
  readonly name?: string;
}

/** A float model together with the options that were resolved for it. */
export interface LoadedModel {
  /** Path of the model's main file. */
  readonly file: string;
  readonly graph: FloatGraph;
  readonly card: Card;
  /** One per output of the graph. */
  readonly decisions: readonly Decision[];
  /** The features that are coded by rank. */
  readonly ranked: RankedFeatures;
}

const MAX_NAME = 100;

/** @throws QuietproofError QP2xxx (the model), QP3004, QP3005 (the statement), QP3007 (the card), QP3011 (the name) */
export async function loadModel(modelPath: string, options: StatementOptions): Promise<LoadedModel> {
  const { bits } = options;
  if (typeof bits === 'number' && !isWidth(bits)) {
    const fix = `Give ${NARROWEST_BITS} to ${WIDEST_BITS}, or auto`;
    throw new QuietproofError('QP3006', { where: `--bits ${bits}`, fix });
  }
  if (options.name !== undefined && !isName(options.name)) {
    throw new QuietproofError('QP3011', { fix: `Give printable text of 1 to ${MAX_NAME} characters` });
  }
  const file = await mainFile(modelPath);
  const choice = parseOutputChoice(options.output);
  const imported = simplifyGraph(await importModel(file, choice.names));
  const graph = options.name === undefined ? imported : { ...imported, name: options.name };
  const decisions = chooseDecisions(graph, choice, options.threshold);
  refuseConstantLabels(graph, decisions);
  const card = options.card === undefined ? {} : await readCard(options.card);
  const answers = graph.outputs.map((output, k) => {
    return { name: output.name, count: answerCount(output, decisions[k]!) };
  });
  checkCard(card, graph.input.count, answers, path.basename(options.card ?? ''));
  const grids = typeof bits === 'number';
  const ranked = rankedFeatures(graph, { declared: declaredRanges(card), grids });
  return { file, graph, card: withClasses(card, graph.outputs, decisions), decisions, ranked };
}

/** The card, with the names of the model file's classes where it has none of its own. */
function withClasses(card: Card, outputs: readonly GraphOutput[], decisions: readonly Decision[]): Card {
  const named = outputs.flatMap((output, k) => {
    const own = answerNames(card, output.name, outputs.length);
    const classes = Array.from(output.classes ?? []);
    const isNamed = own.classes !== undefined || classes.length !== answerCount(output, decisions[k]!);
    return isNamed ? [] : [{ name: output.name, answers: { ...own, classes } }];
  });
  if (outputs.length === 1) return { ...card, ...named[0]?.answers };
  const byName = Object.fromEntries(named.map(({ name, answers }) => [name, answers]));
  return { ...card, outputs: { ...card.outputs, ...byName } };
}

/** What verifiers accept, and print on one line. */
function isName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME && isPrintable(name);
}

async function readCard(file: string): Promise<Card> {
  const where = path.basename(file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw environmentError(cause, file) ?? new QuietproofError('QP1002', { where, cause });
  }
  return parseCard(text, where);
}

/**
 * Reads rows for calibration or testing, in the shape of the model's input. The card names the columns and classes that
 * tables are read by; features that are coded by rank may be infinite, or missing, and those that the model replaces missing.
 *
 * @throws QuietproofError QP11xx
 */
export async function readModelRows(file: string, model: ModelOfRows): Promise<DataSet> {
  const data = await readRows(file, rowSpec(model));
  for (const [k, row] of data.rows.entries())
    checkIntegers(row, model.graph.input.parts, `${data.source}, row ${k}`);
  return data;
}

/** @throws QuietproofError QP1133 for a value that an input of integers does not take: no runtime has an answer for it */
function checkIntegers(row: Float64Array, parts: readonly InputTensor[], where: string): void {
  let first = 0;
  for (const { name, count, values } of parts) {
    const own = row.subarray(first, first + count);
    first += count;
    if (values.kind !== 'integer') continue;
    const wrong = own.find(
      (value) => !(Number.isInteger(value) && value >= values.min && value <= values.max),
    );
    if (wrong === undefined) continue;
    const what = `The input "${name}" takes whole numbers from ${values.min} to ${values.max}, not ${wrong}`;
    throw new QuietproofError('QP1133', { what, where });
  }
}

type ModelOfRows = Pick<LoadedModel, 'graph'> & Partial<Pick<LoadedModel, 'card' | 'ranked'>>;

/** The names that people know the features by; undefined for one without. */
export function featureNames(model: ModelOfRows): readonly (string | undefined)[] {
  return wantedNames(rowSpec(model));
}

/** What a reader of rows takes for each feature. */
export function rowSpec({ graph, card, ranked }: ModelOfRows): RowSpec {
  const { features, classes } = card ?? {};
  const { count, shape, parts } = graph.input;
  return {
    ...{ count, shape },
    ...(parts.length > 1 && { parts }),
    ...(features !== undefined && { names: features.map(({ name }) => name) }),
    ...(classes !== undefined && { classes }),
    ...(ranked !== undefined && {
      accepts: gappedFeatures(graph).map((isGapped, i) => accepted(ranked[i], isGapped)),
    }),
  };
}

function accepted(ranked: RankedFeatures[number], isGapped: boolean): Accepted {
  if (ranked === undefined) return isGapped ? 'finite or missing' : 'finite';
  if (ranked.kind === 'category') return { values: ranked.values, unknown: ranked.unknown };
  return ranked.nan === 'coded' ? 'missing' : 'infinite';
}
