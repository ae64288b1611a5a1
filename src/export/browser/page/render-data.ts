import type { Feature, InputMode, Verdict } from '@quietproof/verify';
import { type Content, element, foreign, paragraph, say } from './dom.ts';
import {
  distanceInUnit,
  featureNames,
  givenText,
  isToldInFull,
  provedText,
  rangeText,
} from './feature-text.ts';
import { markOf, WORTH } from './marks.ts';
import type { Shown } from './shown.ts';
import { text } from './template.ts';
import { valueTable } from './value-table.ts';
import { DATA, DATA_SHOWN } from './words.ts';

/** From here on the values are folded away. */
const FOLD_FROM = 13;

/** Which data the decision is about, and what it was made for. */
export function dataSection(shown: Shown): Content[] {
  const { verdict, finding } = shown;
  if (!verdict.valid) return [paragraph(DATA.again)];
  const worth = WORTH[finding.kind];
  const occasion = paragraph(DATA.occasion[shown.occasion], { context: foreign(shown.context ?? '') });
  if (worth !== undefined && shown.occasion === 'asked') occasion.append(' ', markOf(worth));
  return [...values(shown), occasion];
}

function values(shown: Shown): Content[] {
  const { features, model } = shown.verdict;
  if (features === undefined || model === undefined) return [paragraph(DATA.sealed)];
  const names = featureNames(features);
  const table = comparison(shown, features, names);
  const summary = element('summary', '', text(DATA.all, { count: features.length }));
  return [
    ...lead(shown, names, model.input),
    features.length < FOLD_FROM ? table : element('details', 'fold', summary, table),
  ];
}

/** How near the proof is to the row, in words that never say "exactly". */
function lead({ verdict, rowSource, finding }: Shown, names: readonly string[], mode: InputMode): Content[] {
  const worth = WORTH[finding.kind];
  const mark = worth && markOf(worth);
  const { features = [] } = verdict;
  const isWhole = features.every(({ rounds }) => rounds === 'never');
  if (verdict.distance === undefined) {
    const precise = isWhole ? DATA.whole : DATA.precise;
    const rounded = element('p', 'small', features.every(isToldInFull) ? precise : DATA.rounded, ' ', mark);
    return [paragraph(DATA_SHOWN[mode]), rounded];
  }
  const near = DATA.compared[rowSource][isWhole ? 'whole' : 'rounded'];
  return [element('p', 'distance', near, ...farthest(verdict, names), ' ', mark)];
}

function farthest({ features = [], distance }: Verdict, names: readonly string[]): Content[] {
  const feature = distance && features[distance.feature];
  if (distance === undefined || feature === undefined || distance.deviation === 0) return [DATA.onSteps];
  return say(DATA.farthest, {
    name: foreign(names[distance.feature] as string),
    distance: foreign(distanceInUnit(feature)),
  });
}

function comparison(
  { verdict, rowSource }: Shown,
  features: readonly Feature[],
  names: readonly string[],
): HTMLElement {
  const compared = verdict.distance !== undefined;
  const rows = features.map((feature, index) => {
    const name = foreign(names[index] as string);
    return compared ? ([name, given(feature), proved(feature)] as const) : ([name, proved(feature)] as const);
  });
  const { columns } = DATA;
  const table = valueTable(
    compared ? [columns.name, columns[rowSource], columns.proved] : [columns.name, columns.proved],
    rows,
  );
  table.classList.toggle('compared', compared);
  return table;
}

function proved(feature: Feature): HTMLElement {
  const { step, unit } = feature;
  const isExact = step === undefined || isToldInFull(feature);
  return cell(provedText(feature), isExact ? undefined : rangeText(step, unit));
}

function given(feature: Feature): HTMLElement {
  const { given: value, step, deviation, unit } = feature;
  const typed = givenText(value, unit);
  if (step === undefined) return cell(typed, undefined);
  return cell(typed, deviation === 0 ? DATA.same : text(DATA.off, { distance: distanceInUnit(feature) }));
}

function cell(value: string, below: string | undefined): HTMLElement {
  const note = below === undefined ? undefined : element('span', 'below', foreign(below));
  return element('span', '', foreign(value), note);
}
