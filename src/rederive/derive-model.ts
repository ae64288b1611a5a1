import { type LoadedModel, loadModel } from '../compile/load-model.ts';
import type { RowParts } from '../compile/quality/row-parts.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { importModel, mainFile } from '../import/import-model.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { claimedStatement, claimedTensors } from './claimed-statement.ts';
import { type GraphForm, graphForm } from './labelled-form.ts';
import { rankedAsClaimed } from './ranked-as-claimed.ts';
import type { Claimed } from './read-claimed.ts';
import { compare, isBroken, type Link } from './rederivation.ts';
import { type DataFiles, quantizeAgain } from './scales.ts';

export interface ModelFiles extends DataFiles {
  /** The source model. */
  readonly model: string;
  /** The model card, to derive names and units too. */
  readonly card?: string;
  readonly onStep?: (step: string) => void;
}

/** The integer model that the claims are about, derived again. */
export interface DerivedModel {
  readonly loaded: LoadedModel;
  readonly model: QuantizedModel;
  readonly form: GraphForm;
  /** The rows that it was calibrated and judged on, where they are known. */
  readonly parts?: RowParts;
}

/**
 * Derives the integer model again from its source.
 *
 * @param links takes what was compared
 * @returns undefined if a link breaks on which all later ones depend, or one is missing
 * @throws QuietproofError QP2xxx (the model), QP3007 (the card)
 */
export async function deriveModel(
  claimed: Claimed,
  options: ModelFiles,
  links: Link[],
): Promise<DerivedModel | undefined> {
  options.onStep?.('reading the model');
  const imported = await importClaimed(claimed, options.model);
  links.push(compare('source model', imported.source.sha256, claimed.manifest.chain.source));
  if (isBroken(links)) return undefined;
  const loaded = await loadClaimed(claimed, imported.hasSeveralOutputs, options, links);
  if (loaded === undefined) return undefined;
  options.onStep?.('deriving the integer graph');
  const { link, model, parts } = await quantizeAgain(loaded, claimed, options);
  links.push(link);
  if (model === undefined) return undefined;
  const form = graphForm(model.graph, loaded.graph.source, claimed);
  links.push(graphLink(form, claimed.manifest.chain.integerGraph, options));
  return isBroken(links) ? undefined : { loaded, model, form, ...(parts !== undefined && { parts }) };
}

/** Reads the model file, or what of it the claims are about: other outputs may be such as cannot be proved. */
export async function importClaimed({ modelInterface }: Claimed, model: string): Promise<FloatGraph> {
  const file = await mainFile(model);
  try {
    return await importModel(file, claimedTensors(modelInterface));
  } catch (error) {
    // Names that the file has not are a difference, which is found later.
    if (!(error instanceof QuietproofError) || error.code !== 'QP2135') throw error;
    return importModel(file);
  }
}

/** Loads the model with the claimed statement. A statement that the model does not support breaks the interface. */
async function loadClaimed(
  claimed: Claimed,
  isNamed: boolean,
  { model, card }: ModelFiles,
  links: Link[],
): Promise<LoadedModel | undefined> {
  const statement = claimedStatement(claimed.modelInterface, isNamed);
  if (statement === undefined) {
    links.push({ link: 'interface', status: 'differs', what: 'no model is compiled to outputs like these' });
    return undefined;
  }
  try {
    const loaded = await loadModel(model, { ...statement, ...(card !== undefined && { card }) });
    return { ...loaded, ranked: rankedAsClaimed(loaded.ranked, claimed) };
  } catch (error) {
    if (!(error instanceof QuietproofError) || !UNSUPPORTED_STATEMENT.has(error.code)) throw error;
    links.push({ link: 'interface', status: 'differs', what: `${error.code} ${error.what}` });
    return undefined;
  }
}

const UNSUPPORTED_STATEMENT = new Set(['QP2135', 'QP3004', 'QP3005']);

function graphLink({ digest, label }: GraphForm, claimed: string, options: ModelFiles): Link {
  const link = compare('integer graph', digest, claimed);
  if (link.status === 'differs') {
    const isOpen = options.calibration !== undefined && options.card === undefined;
    return { ...link, what: `${link.what}${isOpen ? '; if it was compiled with a card, give --card' : ''}` };
  }
  const note = ', in the form of 0.1, which contains the claimed labels';
  return { ...link, what: `${link.what}${label === undefined ? '' : note}` };
}
