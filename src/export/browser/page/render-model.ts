import type { AnyModelRecord } from '@quietproof/verify';
import { type Content, element, foreign, paragraph, say } from './dom.ts';
import type { Finding } from './finding.ts';
import { markOf, WORTH } from './marks.ts';
import { roundPercent } from './numbers.ts';
import type { Shown } from './shown.ts';
import { text } from './template.ts';
import { MODEL } from './words.ts';

/** Whose model decided: what is known, then what the provider says of it. */
export function modelSection(shown: Shown): Content[] {
  const { verdict, finding, record } = shown;
  if (!verdict.valid) return [paragraph(MODEL.different)];
  const basis = basisOf(finding);
  const name = foreign(verdict.model?.name ?? '');
  const known = paragraph(basis === undefined ? MODEL.unknown : MODEL.basis[basis], { name });
  const worth = WORTH[finding.kind];
  if (basis === undefined) known.append(' ', markOf('claimed'));
  else if (worth !== undefined) known.append(' ', markOf(worth));
  const said = providerSays(shown, record);
  const worthOfPage = basis === 'model-of-page' ? element('p', 'small', MODEL.pageWorth) : undefined;
  return [
    known,
    worthOfPage,
    said.length > 0 ? element('p', 'small', ...said, markOf('claimed')) : undefined,
  ];
}

function basisOf(finding: Finding) {
  return finding.kind === 'confirmed' || finding.kind === 'trial' ? finding.basis : undefined;
}

function providerSays({ verdict: { quality } }: Shown, record: AnyModelRecord | undefined): Content[] {
  const claims = record?.manifest.claims;
  const sentences: Content[] = [];
  if (claims?.producer !== undefined) {
    sentences.push(...say(MODEL.provider, { producer: foreign(claims.producer) }), ' ');
  }
  const accuracy = claims?.accuracy;
  if (accuracy?.integerAccuracy !== undefined) {
    const { rows, integerAccuracy } = accuracy;
    sentences.push(text(MODEL.accuracy, { share: roundPercent(integerAccuracy), rows }), ' ');
  }
  if (quality !== undefined) sentences.push(MODEL.quality[quality.kind], ' ');
  return sentences;
}
