import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type InputMode, isPrintable } from '@quietproof/verify';
import type { Accepted, DataSet } from '../data/data-set.ts';
import { readRows } from '../data/read-rows.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';
import type { FloatGraph, GraphOutput } from '../graph/float-graph.ts';
import { simplifyGraph } from '../graph/simplify.ts';
import { importModel, mainFile } from '../import/import-model.ts';
import type { StatedOutput } from '../integer/integer-graph.ts';
import { isWidth, NARROWEST_BITS, WIDEST_BITS } from '../quantize/bit-widths.ts';
import { type Card, checkCard, declaredRanges, parseCard } from '../quantize/card.ts';
import { answerCount, chooseDecision, type Decision } from '../quantize/decision.ts';
import type { RankedFeatures } from '../quantize/input-encoding.ts';
import { rankedFeatures } from '../quantize/ranked-features.ts';

/** Options about the statement and its precision, common to `compile` and `inspect`. */
export interface StatementOptions {
  /** Default: the label if the model is a classifier, else the logits. */
  readonly output?: StatedOutput;
  /** Threshold for the label of a single score. Default 0.5 if the model ends in a sigmoid. */
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
  readonly decision: Decision;
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
  const imported = simplifyGraph(await importModel(file));
  const graph = options.name === undefined ? imported : { ...imported, name: options.name };
  const decision = chooseDecision(graph.output, options);
  const card = options.card === undefined ? {} : await readCard(options.card);
  checkCard(card, graph.input.count, answerCount(graph.output, decision), path.basename(options.card ?? ''));
  const grids = typeof bits === 'number';
  const ranked = rankedFeatures(graph, { declared: declaredRanges(card), grids });
  return { file, graph, card: withClasses(card, graph.output, decision), decision, ranked };
}

/** The card, with the names of the model file's classes if it has none of its own. */
function withClasses(card: Card, output: GraphOutput, decision: Decision): Card {
  const { classes } = output;
  if (card.classes !== undefined || classes?.length !== answerCount(output, decision)) return card;
  return { ...card, classes: [...classes] };
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
 * tables are read by; features that are coded by rank may be infinite, or missing.
 */
export function readModelRows(
  file: string,
  { graph, card, ranked }: Pick<LoadedModel, 'graph'> & Partial<Pick<LoadedModel, 'card' | 'ranked'>>,
): Promise<DataSet> {
  const { features, classes } = card ?? {};
  return readRows(file, {
    count: graph.input.count,
    shape: graph.input.shape,
    ...(features !== undefined && { names: features.map(({ name }) => name) }),
    ...(classes !== undefined && { classes }),
    ...(ranked !== undefined && {
      accepts: Array.from({ length: graph.input.count }, (_, i) => accepted(ranked[i])),
    }),
  });
}

function accepted(ranked: RankedFeatures[number]): Accepted {
  if (ranked === undefined) return 'finite';
  return ranked.nan === 'coded' ? 'missing' : 'infinite';
}
