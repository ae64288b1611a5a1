/**
 * Writes test/vectors/bundles/cases.jsonl and test/vectors/onchain.json from the bundles in test/vectors/bundles/bases,
 * and test/vectors/bundles-v2 from them and from keys with known secrets. Uses no randomness: every run writes the same
 * bytes.
 *
 *   npm run vectors
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { badKeyCases } from './make/bad-key-cases.ts';
import { flippedCases, statementCases, swapCases } from './make/content-cases.ts';
import { Corpus, onchainWords } from './make/corpus.ts';
import { formCases } from './make/form-cases.ts';
import { contradictoryCases, rewrittenCases } from './make/interface-cases.ts';
import { pointCases } from './make/point-cases.ts';
import { questionCases } from './make/question-cases.ts';
import { signalCases } from './make/signal-cases.ts';
import { version2Files } from './make/v2/all-cases.ts';
import { validCases } from './make/valid-cases.ts';
import { materialise, vectors } from './materialise.ts';

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
writeFileSync(
  new URL('cases.jsonl', vectors('bundles')),
  cases.map((one) => `${JSON.stringify(one)}\n`).join(''),
);

// One line per vector, and each pair of signals and proof only once.
const seen = new Set<string>();
const lines = cases.flatMap(({ id, what, files, onchain }) => {
  if (onchain === undefined || files.bundle === undefined) return [];
  const words = onchainWords(JSON.parse(materialise(files.bundle).toString()));
  const key = JSON.stringify([onchain.contract, words]);
  if (words === undefined || seen.has(key)) return [];
  seen.add(key);
  return [`  ${JSON.stringify({ id, what, ...onchain, ...words })}`];
});
writeFileSync(new URL('../onchain.json', vectors('bundles')), `[\n${lines.join(',\n')}\n]\n`);
const negative = cases.filter(({ verdict }) => verdict === 'invalid').length;
console.log(`${cases.length} cases, ${negative} of them invalid; ${lines.length} apply on chain`);

mkdirSync(new URL('bases/', vectors('bundles-v2')), { recursive: true });
const files = version2Files();
for (const [name, text] of files) writeFileSync(new URL(name, vectors('bundles-v2')), text);
console.log(`version 2: ${files.get('cases.jsonl')?.trimEnd().split('\n').length} cases`);
