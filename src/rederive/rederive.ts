import { type AnyInterface, circuitId, fileJson } from '@quietproof/verify';
import { boundsTable } from '../artifact/bounds-table.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { checkCircuit, type Soundness } from '../check/check-circuit.ts';
import { circuitTemplates, includedTemplates } from '../circuit/circom/templates.ts';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import { type LoadedModel, loadModel } from '../compile/load-model.ts';
import { modelInterface } from '../compile/model-interface.ts';
import { modelInterfaceV1 } from '../compile/model-interface-v1.ts';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readR1cs } from '../formats/r1cs.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { importModel, mainFile } from '../import/import-model.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { claimLinks, type Derived } from './claim-links.ts';
import { claimedStatement, claimedTensors } from './claimed-statement.ts';
import { compileAgain } from './compile-again.ts';
import { interfaceLinks } from './interface-links.ts';
import { circomDigestIn, circomText, type GraphForm, graphForm } from './labelled-form.ts';
import { qualityLinks } from './quality-link.ts';
import { rankedAsClaimed } from './ranked-as-claimed.ts';
import { type Claimed, readClaimed, selfLinks } from './read-claimed.ts';
import { conclude, type Link, type Rederivation } from './rederivation.ts';
import { type KeyFiles, keyLinks } from './rederive-key.ts';
import { quantizeAgain } from './scales.ts';

export interface RederiveOptions extends KeyFiles {
  readonly model: string;
  /** The calibration rows, to derive the scales too. */
  readonly calibration?: string;
  /** The held-out rows, if they are in a file of their own, to measure the quality again. */
  readonly test?: string;
  /** The model card, to derive names and units too. */
  readonly card?: string;
  /** The name by which the model is known, to compare the interface's label. */
  readonly name?: string;
  readonly onStep?: (step: string) => void;
}

/**
 * Derives integer graph, circom source, r1cs and interface again from the source model, compares them with the claims,
 * checks the r1cs for soundness, and follows the key from there.
 *
 * @param target an artifact folder, a model.json, or a proof bundle
 * @throws QuietproofError QP4503 (`target` makes no claims), QP2xxx (the model), QP3007 (the card)
 */
export async function rederive(target: string, options: RederiveOptions): Promise<Rederivation> {
  const claimed = await readClaimed(target);
  const links: Link[] = [...selfLinks(claimed)];
  if (isBroken(links)) return conclude(links);
  options.onStep?.('reading the model');
  const imported = await importClaimed(claimed, options.model);
  links.push(compare('source model', imported.source.sha256, claimed.manifest.chain.source));
  if (isBroken(links)) return conclude(links);
  const loaded = await loadClaimed(claimed, imported.hasSeveralOutputs, options, links);
  if (loaded !== undefined) await follow(loaded, claimed, options, links);
  return conclude(links);
}

/** Reads the model file, or what of it the claims are about: other outputs may be such as cannot be proved. */
async function importClaimed({ modelInterface }: Claimed, model: string): Promise<FloatGraph> {
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
  { model, card }: RederiveOptions,
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

/** Follows the chain from the model to the key. Stops at a broken link that all later links depend on. */
async function follow(
  loaded: LoadedModel,
  claimed: Claimed,
  options: RederiveOptions,
  links: Link[],
): Promise<void> {
  const { manifest } = claimed;
  options.onStep?.('deriving the integer graph');
  const { link, model, parts } = await quantizeAgain(loaded, claimed, options);
  links.push(link);
  if (model === undefined) return;
  const form = graphForm(model.graph, loaded.graph.source, claimed);
  links.push(graphLink(form, manifest.chain.integerGraph, options));
  if (isBroken(links)) return;
  if (parts !== undefined) {
    options.onStep?.('measuring the quality');
    links.push(...(await qualityLinks(claimed, loaded, model, parts)));
  }
  await followCircuit({ loaded, model, form }, claimed, options, links);
}

interface DerivedModel {
  readonly loaded: LoadedModel;
  readonly model: QuantizedModel;
  readonly form: GraphForm;
}

/** From the integer graph to the key. */
async function followCircuit(
  { loaded, model, form }: DerivedModel,
  claimed: Claimed,
  options: RederiveOptions,
  links: Link[],
): Promise<void> {
  const { manifest } = claimed;
  const circuit = deriveCircuit(model.graph);
  const bounds = fileJson(boundsTable(model.graph, circuit.bounds));
  const derived = interfaceAgain({ loaded, model }, circuit.bounds, claimed);
  links.push(compare('bounds', sha256(bounds), manifest.bounds));
  links.push(...interfaceLinks(claimed, derived, { card: options.card !== undefined, name: options.name }));
  if (isBroken(links)) return;
  const text = circomText(circuit.source, form);
  const includes = includedTemplates(circuit.source, await circuitTemplates());
  links.push(compare('circom source', circomDigestIn(form, text, includes), manifest.chain.circom));
  options.onStep?.('compiling the circuit with circom');
  // Labels occur only in comments, which do not affect the r1cs, so the text without a label is compiled.
  const { r1csBytes, sym } = await compileAgain(circuit.source, includes);
  links.push(compare('circuit', circuitId(r1csBytes), manifest.chain.circuit));
  if (links.at(-1)!.status === 'differs') return;
  options.onStep?.('proving the circuit sound');
  const r1cs = readR1cs(r1csBytes);
  links.push(
    soundnessLink(
      checkCircuit({
        ...{ r1cs, sym, sources: circuit.sources, copies: circuit.copies },
        ...{ graph: model.graph, modelInterface: derived },
      }),
    ),
  );
  const digests = fileDigests(form.text, bounds, text, r1csBytes);
  const calibrated = options.calibration !== undefined;
  const measured = links.some(({ link }) => link === 'quality');
  links.push(...claimLinks(claimed, { loaded, model, circuit, r1cs, sym, digests, calibrated, measured }));
  options.onStep?.('following the key');
  links.push(...(await keyLinks({ r1cs, r1csBytes, circuit, sym }, claimed, options)));
}

/** The derived interface, in the version of the claimed one. */
function interfaceAgain(
  { loaded, model }: Pick<DerivedModel, 'loaded' | 'model'>,
  bounds: Bounds,
  claimed: Claimed,
): AnyInterface {
  const { graph, decisions, card } = loaded;
  return claimed.modelInterface.version === 'quietproof/interface/v1'
    ? modelInterfaceV1(model, bounds, graph.outputs[0]!.head, decisions[0]!, card)
    : modelInterface(model, bounds, loaded);
}

function fileDigests(graph: string, bounds: string, circom: string, r1cs: Uint8Array): Derived['digests'] {
  return {
    [ARTIFACT.integerGraph]: sha256(graph),
    [ARTIFACT.bounds]: sha256(bounds),
    [ARTIFACT.circom]: sha256(circom),
    [ARTIFACT.r1cs]: sha256(r1cs),
  };
}

function soundnessLink({ verdict, problems }: Soundness): Link {
  return verdict === 'proved'
    ? { link: 'soundness', status: 'same', what: 'proved again' }
    : { link: 'soundness', status: 'differs', what: problems[0]!.what };
}

function graphLink({ digest, label }: GraphForm, claimed: string, options: RederiveOptions): Link {
  const link = compare('integer graph', digest, claimed);
  if (link.status === 'differs') {
    const isOpen = options.calibration !== undefined && options.card === undefined;
    return { ...link, what: `${link.what}${isOpen ? '; if it was compiled with a card, give --card' : ''}` };
  }
  const note = ', in the form of 0.1, which contains the claimed labels';
  return { ...link, what: `${link.what}${label === undefined ? '' : note}` };
}

function compare(link: string, derived: string, claimed: string): Link {
  return derived === claimed
    ? { link, status: 'same', what: derived }
    : { link, status: 'differs', what: `derived ${derived}, claimed ${claimed}` };
}

function isBroken(links: readonly Link[]): boolean {
  return links.some(({ status }) => status === 'differs');
}
