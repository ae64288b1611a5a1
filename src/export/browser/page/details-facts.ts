import type { AccuracyClaim, AnyModelRecord, Verdict } from '@quietproof/verify';
import { type Content, element, foreign, say } from './dom.ts';
import { markOf } from './marks.ts';
import { percent } from './numbers.ts';
import { qualityText } from './quality-text.ts';
import { text } from './template.ts';
import { DETAILS, SOUNDNESS_WORDS } from './words.ts';

const NAMES = DETAILS.fact;

/** What model and record are, by whose word. */
export function factList(verdict: Verdict, record: AnyModelRecord | undefined): HTMLElement {
  const list = [...modelFacts(verdict, record), ...recordFacts(verdict)];
  return element('dl', 'facts', ...list.flat());
}

function modelFacts({ model, quality }: Verdict, record: AnyModelRecord | undefined): Content[][] {
  const claims = record?.manifest.claims;
  return [
    fact(NAMES.name, foreign(model?.name ?? '')),
    ...idFacts(model),
    fact(NAMES.madeFrom, madeFrom(record), true),
    fact(NAMES.madeReady, claims?.date === undefined ? undefined : foreign(claims.date), true),
    fact(NAMES.accuracy, claims?.accuracy && accuracy(claims.accuracy), true),
    fact(NAMES.quality, quality && qualityText(quality), true),
    fact(NAMES.soundness, claims?.soundness && SOUNDNESS_WORDS[claims.soundness.verdict], true),
    fact(NAMES.setup, model && DETAILS.setup[model.setup], true),
  ];
}

function idFacts(model: Verdict['model']): Content[][] {
  return [
    fact(NAMES.model, id('model', model?.modelId)),
    fact(NAMES.circuit, id('circuit', model?.circuitId)),
    fact(NAMES.key, id('key', model?.keyId)),
  ];
}

function madeFrom(record: AnyModelRecord | undefined): Content {
  const source = record?.manifest.source;
  if (source === undefined) return undefined;
  if (source.producer === undefined) return foreign(source.file);
  const parts = { file: foreign(source.file), producer: foreign(source.producer) };
  return element('span', '', ...say(DETAILS.by, parts));
}

function recordFacts(verdict: Verdict): Content[][] {
  const { recordId, statementDigest, leaf, contextId, row, version } = verdict;
  const contextChecked = verdict.checks.some(
    ({ id: check, status }) => check === 'context' && status === 'pass',
  );
  return [
    fact(NAMES.format, version && text(DETAILS.version, { version })),
    fact(NAMES.record, id('record', recordId)),
    fact(NAMES.statement, id('statement', statementDigest)),
    fact(NAMES.leaf, id('leaf', leaf)),
    fact(NAMES.context, id('context', contextId), !contextChecked),
    fact(NAMES.row, row === undefined ? undefined : String(row), true),
  ];
}

function accuracy({ rows, labelFlips, floatAccuracy, integerAccuracy }: AccuracyClaim): string {
  const { right, original, flips } = DETAILS.accuracy;
  const parts = [
    integerAccuracy === undefined ? undefined : text(right, { share: percent(integerAccuracy) }),
    floatAccuracy === undefined ? undefined : text(original, { share: percent(floatAccuracy) }),
    text(flips, { count: labelFlips, rows }),
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function fact(name: string, value: Content, claim = false): Content[] {
  if (value === undefined) return [];
  const mark = claim ? [' ', markOf('claimed')] : [];
  return [element('dt', '', name), element('dd', '', value, ...mark)];
}

function id(kind: string, value: string | undefined): HTMLElement | undefined {
  if (value === undefined) return undefined;
  const made = element('code', 'id', value);
  made.dataset.id = kind;
  return made;
}
