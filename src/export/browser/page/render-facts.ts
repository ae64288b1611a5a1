import type { AccuracyClaim, AnyModelRecord, Verdict } from '@quietproof/verify';
import { type Content, element, foreign, heading } from './dom.ts';
import { qualityText } from './quality-words.ts';
import { percent, SOUNDNESS_WORDS } from './wording.ts';

/** What model and record are, by whose word. */
export function factsSection(verdict: Verdict, record: AnyModelRecord | undefined): Content[] {
  const list = [...modelFacts(verdict, record), ...recordFacts(verdict)];
  const claim = element('span', 'claim', 'claim');
  return [
    heading('The model, and this record'),
    element('dl', 'facts', ...list.flat()),
    element('p', 'small', claim, ' The producer’s own word: the proof does not cover it.'),
  ];
}

function modelFacts({ model, quality }: Verdict, record: AnyModelRecord | undefined): Content[][] {
  const claims = record?.manifest.claims;
  const source = record?.manifest.source;
  const producer = source?.producer === undefined ? '' : `, by ${source.producer}`;
  return [
    fact('Name', foreign(model?.name ?? '')),
    fact('Model id', id('model', model?.modelId)),
    fact('Made from', source && foreign(`${source.file}${producer}`), true),
    claims?.date === undefined
      ? fact('Made ready', 'The producer gives no date')
      : fact('Made ready', foreign(claims.date), true),
    claims?.accuracy === undefined
      ? fact('Accuracy', 'The producer gives no figure')
      : fact('Accuracy', accuracy(claims.accuracy), true),
    fact('Quality', quality && qualityText(quality), true),
    fact('Circuit', claims?.soundness && SOUNDNESS_WORDS[claims.soundness.verdict], true),
    fact('Key setup', model?.setup === 'development' ? 'Development: for trying out' : 'Ceremony', true),
  ];
}

function recordFacts(verdict: Verdict): Content[][] {
  const { recordId, statementDigest, leaf, contextId, row, version } = verdict;
  const contextChecked = verdict.checks.some(
    ({ id: check, status }) => check === 'context' && status === 'pass',
  );
  return [
    fact('Format', `Version ${version}`),
    fact('Record', id('record', recordId)),
    fact('Statement', id('statement', statementDigest)),
    fact('Entry in a log', id('leaf', leaf)),
    fact('Its own part of the context', id('context', contextId), !contextChecked),
    fact('Row', row === undefined ? undefined : String(row), true),
  ];
}

function accuracy({ rows, labelFlips, floatAccuracy, integerAccuracy }: AccuracyClaim): string {
  const parts = [
    integerAccuracy === undefined ? undefined : `${percent(integerAccuracy)} right`,
    floatAccuracy === undefined ? undefined : `the original model ${percent(floatAccuracy)}`,
    `${labelFlips} of ${rows} answers differ from the original model’s`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function fact(name: string, value: Content, claim = false): Content[] {
  if (value === undefined) return [];
  const mark = claim ? element('span', 'claim', 'claim') : undefined;
  return [element('dt', '', name), element('dd', '', value, ...(mark ? [' ', mark] : []))];
}

function id(kind: string, value: string | undefined): HTMLElement | undefined {
  if (value === undefined) return undefined;
  const made = element('code', 'id', value);
  made.dataset.id = kind;
  return made;
}
