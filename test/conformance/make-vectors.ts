/**
 * Writes test/vectors/bundles/cases.jsonl and test/vectors/onchain.json from the bundles in test/vectors/bundles/bases.
 * Uses no randomness: every run writes the same bytes.
 *
 *   npm run vectors
 */
import { writeFileSync } from 'node:fs';
import { badKeyCases } from './make/bad-key-cases.ts';
import {
  contradictoryCases,
  flippedCases,
  rewrittenCases,
  statementCases,
  swapCases,
} from './make/content-cases.ts';
import { Corpus, onchainWords } from './make/corpus.ts';
import { formCases } from './make/form-cases.ts';
import { pointCases } from './make/point-cases.ts';
import { questionCases } from './make/question-cases.ts';
import { signalCases } from './make/signal-cases.ts';
import { validCases } from './make/valid-cases.ts';
import { materialise, VECTORS } from './materialise.ts';

const CLASSES = [
  validCases,
  questionCases,
  formCases,
  flippedCases,
  statementCases,
  swapCases,
  rewrittenCases,
  contradictoryCases,
  signalCases,
  pointCases,
  badKeyCases,
];

const corpus = new Corpus();
for (const add of CLASSES) add(corpus);
const { cases } = corpus;
writeFileSync(new URL('cases.jsonl', VECTORS), cases.map((one) => `${JSON.stringify(one)}\n`).join(''));

// One line per vector, and each pair of signals and proof only once.
const seen = new Set<string>();
const vectors = cases.flatMap(({ id, what, files, onchain }) => {
  if (onchain === undefined || files.bundle === undefined) return [];
  const words = onchainWords(JSON.parse(materialise(files.bundle).toString()));
  const key = JSON.stringify([onchain.contract, words]);
  if (words === undefined || seen.has(key)) return [];
  seen.add(key);
  return [`  ${JSON.stringify({ id, what, ...onchain, ...words })}`];
});
writeFileSync(new URL('../onchain.json', VECTORS), `[\n${vectors.join(',\n')}\n]\n`);
const negative = cases.filter(({ verdict }) => verdict === 'invalid').length;
console.log(`${cases.length} cases, ${negative} of them invalid; ${vectors.length} apply on chain`);
