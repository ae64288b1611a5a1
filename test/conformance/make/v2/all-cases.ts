import { BASES } from './bases.ts';
import { flippedCases, rewrittenCases, statementCases, swapCases } from './content-cases.ts';
import { contextCases } from './context-cases.ts';
import { CorpusV2 } from './corpus.ts';
import { creditCases } from './credit-cases.ts';
import { criticalCases } from './critical-cases.ts';
import { encodingCases } from './encoding-cases.ts';
import { formCases } from './form-cases.ts';
import { identityCases } from './identity-cases.ts';
import { inputCases } from './input-cases.ts';
import { interfaceCases } from './interface-cases.ts';
import { keyCases, pointCases } from './key-cases.ts';
import { kindCases } from './kind-cases.ts';
import { qualityCases } from './quality-cases.ts';
import { sealedCases } from './sealed-cases.ts';
import { sidecarCases } from './sidecar-cases.ts';
import { signalCases } from './signal-cases.ts';
import { toleranceCases } from './tolerance-cases.ts';
import { transcriptCases } from './transcript-cases.ts';
import { STATEMENTS_BASE, TRUST_BASE } from './trust/files.ts';
import { trustCases } from './trust-cases.ts';
import { validCases } from './valid-cases.ts';
import { versionCases } from './version-cases.ts';

const CLASSES = [
  validCases,
  identityCases,
  versionCases,
  formCases,
  criticalCases,
  kindCases,
  flippedCases,
  statementCases,
  contextCases,
  interfaceCases,
  qualityCases,
  sidecarCases,
  sealedCases,
  signalCases,
  inputCases,
  toleranceCases,
  encodingCases,
  creditCases,
  keyCases,
  pointCases,
  transcriptCases,
  trustCases,
  swapCases,
  rewrittenCases,
];

/** Every file of test/vectors/bundles-v2: name → text. Deterministic. */
export function version2Files(): Map<string, string> {
  const corpus = new CorpusV2();
  for (const add of CLASSES) add(corpus);
  const files = new Map(BASES.map(({ file, text }) => [`bases/${file}`, text]));
  for (const { opening } of BASES)
    if (opening !== undefined) files.set(`bases/${opening.file}`, opening.text);
  for (const { file, text } of [TRUST_BASE, STATEMENTS_BASE]) files.set(`bases/${file}`, text);
  files.set('cases.jsonl', corpus.cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return files;
}
