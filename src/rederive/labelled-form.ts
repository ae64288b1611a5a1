import { circomDigest, digestOfFiles } from '../circuit/circom/templates.ts';
import type { DerivedCircuit } from '../circuit/derive-circuit.ts';
import { sha256 } from '../data/sha256.ts';
import type { ModelSource } from '../graph/float-graph.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { integerGraphJson, labelledGraphJson } from '../integer/integer-graph-json.ts';
import type { Claimed } from './read-claimed.ts';

/** An artifact's integer graph as text, in the artifact's version of the form, and the digest of that text. */
export interface GraphForm {
  readonly text: string;
  readonly digest: string;
  /** The model's name, which version 1 of the form and its circom text contain. Missing for version 2. */
  readonly label?: string;
}

/** Names that models could have when circom text contained them. No other text may get into circom text. */
const FILE_SAFE = /^[A-Za-z0-9._-]+$/;

/**
 * Writes a derived graph in the form that its claimed digest belongs to: the current form without labels, or that of
 * artifacts of 0.1, with the claimed names. Labels define nothing, so they are taken as claimed. All else is derived.
 *
 * @param source the source as the importer read it
 * @returns the current form if neither form has the claimed digest
 */
export function graphForm(graph: IntegerGraph, source: ModelSource, claimed: Claimed): GraphForm {
  const { manifest, modelInterface, artifact } = claimed;
  const text = integerGraphJson(graph);
  const current = { text, digest: sha256(text) };
  if (current.digest === manifest.chain.integerGraph) return current;
  for (const label of new Set([modelInterface.name, artifact?.name])) {
    if (label === undefined || !FILE_SAFE.test(label)) continue;
    const labelled = labelledGraphJson(graph, {
      name: label,
      source: { ...source, file: manifest.source.file },
    });
    const digest = sha256(labelled);
    if (digest === manifest.chain.integerGraph) return { text: labelled, digest, label };
  }
  return current;
}

/**
 * The circom text in the form of the artifact. In artifacts of 0.1, weights are written one by one, and a comment contains
 * the model's name.
 */
export function circomText(circuit: Pick<DerivedCircuit, 'source' | 'plainSource'>, form: GraphForm): string {
  const { label } = form;
  return label === undefined
    ? circuit.source
    : circuit.plainSource().replace('// Public signals are', `// ${label}: public signals are`);
}

/**
 * sha256 of the templates of 0.1. Since then comments changed, and how weights are written, which affect this digest but
 * not the r1cs. The r1cs is compared next, so only the status of this one link depends on these digests.
 */
const TEMPLATES_OF_0_1: Readonly<Record<string, string>> = {
  'argmax.circom': '39158d22dff37e2e0355a607bf069a7a867a798f668f306a4c9f4eb724ec4f17',
  'dot.circom': 'be612dd7c373287f9fe7f187af83e70fbc810a479010103e20e1cca7c3d36133',
  'input-digest.circom': '5d01f92ddda18044ed649c5890f5d8eab071596c30bc8f4bb152dcc6a0a42a08',
  'linear-requantize.circom': 'e445ad054f64ab316f51606fc6fd8a0f5c5d23a0859b93c4a30aa5fb119714fa',
  'linear.circom': '6ce89dd31d7b975a7e4dbbe5361b886cc1b16ce2c364c463406173649f33e58a',
  'max.circom': '733f7aeb904976dec54e1b514285ca4f382e5c1637f14c9edc29152d853def0c',
  'poseidon.circom': '7b4c0a48a70b455b76c8da5d2825f19fcfbadecd643ea4edaed4bd00af396578',
  'range.circom': 'f553ed92558d692ac24fc00237ef51a564bd04894f80aa3df87b4664bd4b17ca',
  'threshold.circom': '8f1e89e0761d4729e9760fb4d56318f59481408a76a3dd02805a4af0249a388a',
};

/** Digest of the circom text in the form of the artifact. @param text the result of `circomText` */
export function circomDigestIn(
  { label }: GraphForm,
  text: string,
  includes: ReadonlyMap<string, string>,
): string {
  if (label === undefined) return circomDigest(text, includes);
  const digests = Array.from(includes, ([name, template]): [string, string] => {
    return [name, TEMPLATES_OF_0_1[name] ?? sha256(template)];
  });
  return digestOfFiles(text, new Map(digests));
}
