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
