import type { AnyModelRecord, Check, Unchecked, Verdict } from '@quietproof/verify';
import { byId, type Content, element, foreign, heading, icon } from './dom.ts';
import { answersSection } from './render-answers.ts';
import { factsSection } from './render-facts.ts';
import { inputSection, type RowSource } from './render-input.ts';
import { CHECK_TITLES, HEADLINES, headlineNotes, STATUS_WORDS, shows, showsNot } from './wording.ts';

export interface Shown {
  readonly verdict: Verdict;
  /** The model record; only if the verdict is valid. */
  readonly record: AnyModelRecord | undefined;
  /** Name of the checked file; undefined for the page's own bundle. */
  readonly file: string | undefined;
  /** Whether the proof is bound to a context. */
  readonly inContext: boolean;
  readonly rowSource: RowSource;
}

/** Fills the page with a verdict. Of a bundle that is not valid, only the reason is shown. */
export function renderVerdict(shown: Shown): void {
  const { verdict } = shown;
  renderHeadline(shown);
  fill('warnings', ...warnings(verdict));
  fill('answer', ...answersSection(verdict));
  fill('input-shown', ...inputSection(verdict, shown.rowSource));
  fill('facts', ...(verdict.valid ? factsSection(verdict, shown.record) : []));
  fill('meaning', ...(verdict.valid ? meaning(shown) : []));
  fill('checks', heading('Every check'), checkList(verdict.checks));
  fill('unchecked', ...(verdict.valid ? uncheckedSection(verdict.unchecked) : []));
  document.documentElement.dataset.state = HEADLINES[verdict.outcome].page;
}

function renderHeadline({ verdict, file }: Shown): void {
  const notes = headlineNotes(verdict);
  const reason = verdict.checks.find(({ code }) => code !== undefined && code === verdict.code);
  const shown = HEADLINES[verdict.outcome];
  const added = verdict.valid
    ? notes
    : [`${shown.reason}: ${reason === undefined ? '' : CHECK_TITLES[reason.id]}.`];
  const about = file === undefined ? undefined : element('p', 'about', 'File: ', foreign(file));
  const lead = verdict.valid ? validLead(verdict) : refusedLead(reason, shown.advice);
  const box = byId('verdict');
  box.dataset.state = verdict.valid && notes.length > 0 ? 'valid-open' : shown.state;
  box.replaceChildren(
    element('div', 'badge', icon(shown.icon)),
    element(
      'div',
      'verdict-text',
      element('h1', '', shown.title, ...added.map((note) => element('span', 'but', ` ${note}`))),
      lead,
      ...(about ? [about] : []),
    ),
  );
  document.title = `${shown.title} · proof receipt`;
}

function validLead({ model, pinned }: Verdict): HTMLElement {
  const which = pinned ? ', the model you expected,' : '';
  return element(
    'p',
    'lead',
    'The proof holds: the model ',
    foreign(model?.name ?? ''),
    `${which} gave the answer below.`,
  );
}

function refusedLead(reason: Check | undefined, advice: string): HTMLElement {
  const detail = reason === undefined ? '' : reason.detail;
  return element(
    'p',
    'lead',
    foreign(detail),
    '. ',
    element('code', 'code', reason?.code ?? ''),
    ` ${advice}`,
  );
}

function warnings(verdict: Verdict): Content[] {
  return verdict.warnings.map((warning) => {
    const [title, ...rest] = warning.split(': ');
    const text = element('p', '', element('strong', '', `${title}. `), capital(rest.join(': ')));
    return element('div', 'warning', icon('warning'), text);
  });
}

function meaning({ verdict, record, inContext }: Shown): Content[] {
  if (record === undefined) return [];
  const list = (title: string, kind: string, items: readonly string[]) =>
    element(
      'div',
      kind,
      element('h3', '', title),
      element('ul', '', ...items.map((item) => element('li', '', item))),
    );
  return [
    heading('What this means'),
    element(
      'div',
      'columns',
      list('The proof shows', 'does', shows(verdict, record, inContext)),
      list('It does not show', 'does-not', showsNot(verdict, inContext)),
    ),
  ];
}

function checkList(checks: readonly Check[]): HTMLElement {
  const items = checks.map(({ id: check, status, detail, code }) => {
    const item = element(
      'li',
      `check ${status}`,
      icon(status),
      element(
        'div',
        '',
        element(
          'p',
          'check-title',
          CHECK_TITLES[check],
          ' ',
          element('span', 'status', STATUS_WORDS[status]),
        ),
        element(
          'p',
          'small',
          foreign(detail),
          ...(code === undefined ? [] : [' ', element('code', 'code', code)]),
        ),
      ),
    );
    item.dataset.check = check;
    return item;
  });
  return element('ol', 'checks', ...items);
}

/** From here on the list is folded away. */
const FOLD_FROM = 13;

/** What the bundle carries beside what was checked. */
function uncheckedSection(unchecked: readonly Unchecked[]): Content[] {
  if (unchecked.length === 0) return [];
  const list = element('ul', 'unchecked', ...unchecked.map(uncheckedItem));
  const summary = element('summary', '', `Show all ${unchecked.length}`);
  return [
    heading('Carried along, and not checked'),
    element('p', 'small', 'This verifier does not know what these mean. Nothing above depends on them.'),
    unchecked.length < FOLD_FROM ? list : element('details', '', summary, list),
  ];
}

function uncheckedItem({ path, type, about }: Unchecked): HTMLElement {
  const item = element('li', '', element('code', '', foreign(path)));
  if (type !== undefined) item.append(' of type ', foreign(type));
  if (about !== undefined) item.append(', about the ', foreign(about.what));
  return item;
}

function fill(target: string, ...content: readonly Content[]): void {
  const section = byId(target);
  section.replaceChildren(...content.filter((part) => part !== undefined));
  section.hidden = content.length === 0;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
