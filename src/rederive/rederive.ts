import { type AnyInterface, circuitId, fileJson } from '@quietproof/verify';
import { boundsTable } from '../artifact/bounds-table.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { checkCircuit, type Soundness } from '../check/check-circuit.ts';
import { circuitTemplates, includedTemplates } from '../circuit/circom/templates.ts';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import { modelInterface } from '../compile/model-interface.ts';
import { modelInterfaceV1 } from '../compile/model-interface-v1.ts';
import { sha256 } from '../data/sha256.ts';
import { readR1cs } from '../formats/r1cs.ts';
import type { Bounds } from '../integer/bounds.ts';
import { claimLinks, type Derived } from './claim-links.ts';
import { compileAgain } from './compile-again.ts';
import { type DerivedModel, deriveModel, type ModelFiles } from './derive-model.ts';
import { interfaceLinks } from './interface-links.ts';
import { circomDigestIn, circomText } from './labelled-form.ts';
import { qualityLinks } from './quality-link.ts';
import { type Claimed, readClaimed, selfLinks } from './read-claimed.ts';
import { compare, conclude, isBroken, type Link, type Rederivation } from './rederivation.ts';
import { type KeyFiles, keyLinks } from './rederive-key.ts';

export interface RederiveOptions extends ModelFiles, KeyFiles {
  /** The name by which the model is known, to compare the interface's label. */
  readonly name?: string;
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
  const derived = isBroken(links) ? undefined : await deriveModel(claimed, options, links);
  if (derived !== undefined) {
    if (derived.parts !== undefined) {
      options.onStep?.('measuring the quality');
      links.push(...(await qualityLinks(claimed, derived, derived.parts)));
    }
    await followCircuit(derived, claimed, options, links);
  }
  return conclude(links);
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
  const text = circomText(circuit, form);
  const includes = includedTemplates(circuit.source, await circuitTemplates());
  links.push(compare('circom source', circomDigestIn(form, text, includes), manifest.chain.circom));
  options.onStep?.('compiling the circuit with circom');
  // Labels occur only in comments, and weights are the same numbers in both forms, so the r1cs is that of the text now.
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
