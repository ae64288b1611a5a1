import type { Feature, InputMode, RowValue, Verdict } from '@quietproof/verify';
import { type Content, element, foreign, heading } from './dom.ts';
import { valueTable } from './value-table.ts';
import { shortNumber } from './wording.ts';

/** Where the row came from that the proved input was compared with. */
export type RowSource = 'reader' | 'opening';

/** From here on the values are folded away. */
const FOLD_FROM = 13;

/** The proved input, feature by feature; where a row is there, how far each value is from what was proved. */
export function inputSection(verdict: Verdict, source: RowSource): Content[] {
  const { features, distance } = verdict;
  if (features === undefined) return [];
  const names = featureNames(features);
  const rows = features.map((feature, index) => {
    const name = foreign(names[index] as string);
    return distance === undefined
      ? ([name, proved(feature)] as const)
      : ([name, given(feature), proved(feature)] as const);
  });
  const titles =
    distance === undefined
      ? ['Input', 'Proved']
      : ['Input', source === 'reader' ? 'You gave' : 'In the opening file', 'Proved'];
  const table = valueTable(titles, rows);
  table.classList.toggle('compared', distance !== undefined);
  const summary = element('summary', '', `Show all ${features.length} values`);
  return [
    heading('The input'),
    ...distanceWords(verdict, source, names),
    features.length < FOLD_FROM ? table : element('details', '', summary, table),
  ];
}

/** Where the values come from if the reader gave no row. */
const VALUE_SOURCES: { readonly [M in InputMode]: string } = {
  digest: 'from the opening file',
  public: 'written in the bundle',
};

/** How near the proof is to the row, in words that never say "exactly". */
function distanceWords(
  { features = [], distance, model }: Verdict,
  source: RowSource,
  names: readonly string[],
): Content[] {
  const whose = source === 'reader' ? 'yours' : 'those in the opening file';
  if (distance === undefined) {
    const from = model === undefined ? '' : `, ${VALUE_SOURCES[model.input]},`;
    return [note(`Each value${from} stands for all that round to it: up to half a step away.`)];
  }
  const near = `The proof is about values at most half a step away from ${whose}`;
  const farthest = features[distance.feature];
  if (farthest === undefined || distance.deviation === 0) {
    return [note(`${near}; here all of them lie on a step.`)];
  }
  const name = foreign(names[distance.feature] as string);
  return [
    note(
      `${near}; the farthest is `,
      name,
      ', off by ',
      foreign(`${inUnit(farthest)} (${inSteps(farthest)})`),
      '.',
    ),
  ];
}

function note(...content: readonly Content[]): HTMLElement {
  return element('p', 'distance', ...content);
}

function proved(feature: Feature): HTMLElement {
  const { step, unit } = feature;
  return cell(provedText(feature), step === undefined ? [] : [`step ${withUnit(short(step), unit)}`]);
}

function given(feature: Feature): HTMLElement {
  const { given: value, step, deviation, unit } = feature;
  const text = givenText(value, unit);
  if (step === undefined) return cell(text, []);
  return cell(text, deviation === 0 ? ['on a step'] : [`${inUnit(feature)} off`, inSteps(feature)]);
}

function inUnit({ distance = 0, unit }: Feature): string {
  return withUnit(short(distance), unit);
}

function inSteps({ deviation = 0 }: Feature): string {
  return `${short(deviation)} steps`;
}

function cell(text: string, below: readonly string[]): HTMLElement {
  return element('span', '', foreign(text), ...below.map((line) => element('span', 'below', foreign(line))));
}

function provedText({ value, unit }: Feature): string {
  switch (value.kind) {
    case 'number':
      return withUnit(shortNumber(value.number), unit);
    case 'text':
      return value.text;
    case 'unknown':
      return 'a category the model does not know';
  }
}

/** In full: what the reader wrote must be recognised. */
function givenText(value: RowValue | undefined, unit: string | undefined): string {
  return typeof value === 'number' ? withUnit(String(value), unit) : (value ?? '');
}

/** By name; else by the part, with a number where the part has several. */
function featureNames(features: readonly Feature[]): string[] {
  const parts = new Map<string | undefined, number>();
  for (const { part } of features) parts.set(part, (parts.get(part) ?? 0) + 1);
  const seen = new Map<string | undefined, number>();
  return features.map(({ part, name }, index) => {
    const place = seen.get(part) ?? 0;
    seen.set(part, place + 1);
    if (part === undefined) return name ?? `Value ${index}`;
    const own = name ?? (parts.get(part) === 1 ? part : `${part}[${place}]`);
    return name !== undefined && parts.size > 1 ? `${part}: ${own}` : own;
  });
}

function withUnit(text: string, unit: string | undefined): string {
  return unit === undefined ? text : `${text} ${unit}`;
}

function short(number: number): string {
  return String(Number(number.toPrecision(3)));
}
