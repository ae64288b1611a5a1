import { circomDigest, digestOfFiles } from '../circuit/circom/templates.ts';
import { sha256 } from '../data/sha256.ts';
import type { ModelSource } from '../graph/float-graph.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { integerGraphJson, labelledGraphJson } from '../integer/integer-graph-json.ts';
import type { Claimed } from './read-claimed.ts';

/** The form in which an artifact writes its integer graph, and its digest in that form. */
export interface GraphForm {
  readonly text: string;
  readonly digest: string;
  /** Version 1 of the form holds the model's name, and so does the circom text that goes with it. */
  readonly label?: string;
}

/** What models were called when their name stood in circom text; nothing else may get there. */
const FILE_SAFE = /^[A-Za-z0-9._-]+$/;

/**
 * A derived graph in the form that its claimed digest was taken of: without labels, or as artifacts of 0.1 have it, with
 * the names that are claimed. Labels define nothing, so they are taken as claimed; all else is derived.
 *
 * @param source as the importer read it
 * @returns the form of today where neither has the claimed digest
 */
export function graphForm(graph: IntegerGraph, source: ModelSource, claimed: Claimed): GraphForm {
  const { manifest, face, artifact } = claimed;
  const text = integerGraphJson(graph);
  const today = { text, digest: sha256(text) };
  if (today.digest === manifest.chain.integerGraph) return today;
  for (const label of new Set([face.name, artifact?.name])) {
    if (label === undefined || !FILE_SAFE.test(label)) continue;
    const labelled = labelledGraphJson(graph, {
      name: label,
      source: { ...source, file: manifest.source.file },
    });
    const digest = sha256(labelled);
    if (digest === manifest.chain.integerGraph) return { text: labelled, digest, label };
  }
  return today;
}

/** The circom text as artifacts of 0.1 have it: its comment begins with the model's name. */
export function circomText(source: string, { label }: GraphForm): string {
  return label === undefined
    ? source
    : source.replace('// Public signals are', `// ${label}: public signals are`);
}

/**
 * sha256 of the templates of 0.1. Since then only their comments were reworded, which this digest covers and the r1cs
 * does not: the r1cs is compared next, so nothing rests on these numbers but the link's own answer.
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

/** Digest of the circom text in the form of the artifact. @param text `circomText` of the form */
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
