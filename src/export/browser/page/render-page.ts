import { INPUT_MODES } from '@quietproof/verify';
import { byId, type Content, element, fill, foreign, icon, say } from './dom.ts';
import { type Finding, type FindingKind, TONES, type Tone } from './finding.ts';
import { legend } from './marks.ts';
import type { PageKind } from './page-kind.ts';
import { adviceSection } from './render-advice.ts';
import { changeSection } from './render-change.ts';
import { dataSection } from './render-data.ts';
import { decisionSection } from './render-decision.ts';
import { detailsSection } from './render-details.ts';
import { modelSection } from './render-model.ts';
import { dataCompared, type Shown } from './shown.ts';
import {
  DETAILS,
  HEADLINE_RELEASED,
  HEADLINES,
  HEADLINES_FOR_PAGE_MODEL,
  LEADS,
  MISSING_LEADS,
  OTHER_DATA,
  PAGE,
  type QUESTIONS,
  STILL_OPEN,
  UNREADABLE_LEADS,
} from './words.ts';

type Question = keyof typeof QUESTIONS;

const ALL: readonly Question[] = ['decision', 'data', 'model', 'change', 'now'];

/** Of a bundle that is not valid, only the reason and what to do are shown. */
const ANSWERED: Readonly<Record<FindingKind, readonly Question[]>> = {
  confirmed: ALL,
  unconfirmed: ALL,
  trial: ALL,
  'another-model': ['model', 'now'],
  retired: ['now'],
  'self-made': ['now'],
  'other-occasion': ['data', 'now'],
  'other-data': ['data', 'now'],
  changed: ['change', 'now'],
  forgeable: ['change', 'now'],
  unreadable: ['now'],
  newer: ['now'],
  incomplete: ['now'],
};

const SECTIONS: { readonly [Q in Question]: (shown: Shown) => Content[] } = {
  decision: decisionSection,
  data: dataSection,
  model: modelSection,
  change: changeSection,
  now: adviceSection,
};

const ICONS = { good: 'pass', open: 'open', bad: 'fail' } as const satisfies Record<Tone, string>;

/** Fills the page. */
export function renderPage(shown: Shown): void {
  const { finding } = shown;
  renderHeadline(shown);
  const marks = legend(finding.kind);
  fill('legend', ...marks);
  byId('legend').hidden = marks.length === 0;
  for (const question of ALL) {
    const answered = answers(finding).includes(question);
    byId(`q-${question}`).hidden = !answered;
    fill(`${question}-said`, ...(answered ? SECTIONS[question](shown) : []));
  }
  renderControls(shown);
  // A page that waited for a file has its field at the top until there is a result.
  byId('questions').append(byId('zone'));
  fill('details-said', ...detailsSection(shown));
  byId('details').hidden = false;
  const ids = idsOnPaper(shown);
  fill('ids', ...ids);
  byId('ids-title').hidden = ids.length === 0;
}

/** To compare data, the reader needs the fields that belong to it. */
function answers(finding: Finding): readonly Question[] {
  if (finding.kind === 'incomplete' && finding.missing !== 'model-record') return ['data', 'now'];
  return ANSWERED[finding.kind];
}

function renderHeadline(shown: Shown): void {
  const { finding, file, page } = shown;
  const about =
    file === undefined ? undefined : element('p', 'about', ...say(PAGE.file, { file: foreign(file) }));
  showHeadline(finding, page, ...leads(shown).map((lead) => leadOf(lead, shown.context)), about);
}

function showHeadline(finding: Finding, page: PageKind, ...content: readonly Content[]): void {
  const title = headlineOf(finding, page);
  const tone = TONES[finding.kind];
  byId('verdict').dataset.tone = tone;
  fill('badge', icon(ICONS[tone]));
  fill('said', element('h1', '', title), ...content);
  document.title = title;
  document.documentElement.dataset.state = finding.kind;
}

function headlineOf(finding: Finding, page: PageKind): string {
  if (finding.kind === 'other-data') return OTHER_DATA[finding.why].headline;
  if (finding.kind === 'confirmed' && finding.basis === 'released') return HEADLINE_RELEASED;
  const own = page === 'model' ? HEADLINES_FOR_PAGE_MODEL[finding.kind] : undefined;
  return own ?? HEADLINES[finding.kind];
}

/** A model record or an opening was chosen on a page without a bundle. */
export function renderMissingReceipt(): void {
  showHeadline({ kind: 'incomplete', missing: 'receipt' }, 'model', leadOf(MISSING_LEADS.receipt));
}

function leadOf(words: string, context = ''): HTMLElement {
  return element('p', 'lead', ...say(words, { context: foreign(context) }));
}

function leads(shown: Shown): string[] {
  const { finding } = shown;
  switch (finding.kind) {
    case 'other-data':
      return [OTHER_DATA[finding.why].lead];
    case 'unreadable':
      return [UNREADABLE_LEADS[finding.why]];
    case 'incomplete':
      return [MISSING_LEADS[finding.missing]];
    case 'confirmed':
      return [LEADS.confirmed, ...stillOpen(shown)];
    default:
      return [LEADS[finding.kind]];
  }
}

/** A green result says what it leaves open. */
function stillOpen(shown: Shown): string[] {
  const data = !dataCompared(shown);
  const occasion = shown.occasion === 'not-asked';
  if (data && occasion) return [STILL_OPEN.both];
  if (data) return [STILL_OPEN.data];
  return occasion ? [STILL_OPEN.occasion] : [];
}

/** Shows the fields that can change the result, and folds away those that have. */
function renderControls(shown: Shown): void {
  const { finding, page, verdict } = shown;
  const named = finding.kind === 'confirmed' || (finding.kind === 'trial' && finding.basis !== undefined);
  const open = !named && (verdict.valid || finding.kind === 'another-model');
  byId('pin').hidden = page !== 'receipt' || !open;
  byId('again').hidden = page !== 'receipt' || !named;
  const mode = verdict.model?.input;
  byId('opening-field').hidden = mode !== undefined && !INPUT_MODES[mode].salted;
  byId<HTMLDetailsElement>('compare').open = !verdict.valid;
}

/** A printed page shows no folded details, but somebody may want to look the record up. */
function idsOnPaper({ verdict }: Shown): Content[] {
  const { model, recordId, valid } = verdict;
  if (!valid || model === undefined) return [];
  const entries = [
    [DETAILS.fact.model, model.modelId],
    [DETAILS.fact.record, recordId ?? ''],
  ] as const;
  return entries.flatMap(([name, id]) => [
    element('dt', '', name),
    element('dd', '', element('code', 'id', id)),
  ]);
}
