import type {
  AccuracyClaim,
  Answer,
  AnyModelRecord,
  Check,
  Feature,
  NamedAnswer,
  Verdict,
} from '@quietproof/verify';
import { byId, type Content, element, foreign, icon } from './dom.ts';
import {
  answerNote,
  CHECK_TITLES,
  headlineNotes,
  percent,
  SOUNDNESS_WORDS,
  STATUS_WORDS,
  shortNumber,
  shows,
  showsNot,
} from './wording.ts';

export interface Shown {
  readonly verdict: Verdict;
  /** The model record; only if the verdict is valid. */
  readonly record: AnyModelRecord | undefined;
  /** Name of the checked file; undefined for the page's own bundle. */
  readonly file: string | undefined;
  /** Whether the proof is bound to a context. */
  readonly inContext: boolean;
}

/** Fills the page with a verdict. Of a bundle that is not valid, only the reason is shown. */
export function renderVerdict(shown: Shown): void {
  const { verdict } = shown;
  renderHeadline(shown);
  fill('warnings', ...warnings(verdict));
  fill('answer', ...(verdict.answers ?? []).flatMap(answerSection));
  fill('input-shown', ...features(verdict));
  fill('facts', ...(verdict.valid ? facts(shown) : []));
  fill('meaning', ...(verdict.valid ? meaning(shown) : []));
  fill('checks', heading('Every check'), checkList(verdict.checks));
  document.documentElement.dataset.state = verdict.valid ? 'valid' : 'not-valid';
}

function renderHeadline({ verdict, file }: Shown): void {
  const notes = headlineNotes(verdict);
  const state = verdict.valid ? (notes.length === 0 ? 'valid' : 'valid-open') : 'invalid';
  const failed = verdict.checks.find((check) => check.status === 'fail');
  const title = verdict.valid
    ? ['Valid', ...notes.map((note) => element('span', 'but', ` ${note}`))]
    : [
        'Not valid',
        element('span', 'but', ` Failed: ${failed === undefined ? '' : CHECK_TITLES[failed.id]}.`),
      ];
  const about = file === undefined ? undefined : element('p', 'about', 'File: ', foreign(file));
  const lead = verdict.valid ? validLead(verdict) : invalidLead(failed);
  const badge = element('div', 'badge', icon(verdict.valid ? 'pass' : 'fail'));
  const box = byId('verdict');
  box.dataset.state = state;
  box.replaceChildren(
    badge,
    element('div', 'verdict-text', element('h1', '', ...title), lead, ...(about ? [about] : [])),
  );
  document.title = `${verdict.valid ? 'Valid' : 'Not valid'} · proof receipt`;
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

function invalidLead(failed: Check | undefined): HTMLElement {
  const detail = failed === undefined ? '' : failed.detail;
  return element(
    'p',
    'lead',
    foreign(detail),
    '. ',
    element('code', 'code', failed?.code ?? ''),
    ' Do not rely on anything that came with it.',
  );
}

function warnings(verdict: Verdict): Content[] {
  return verdict.warnings.map((warning) => {
    const [title, ...rest] = warning.split(': ');
    const text = element('p', '', element('strong', '', `${title}. `), capital(rest.join(': ')));
    return element('div', 'warning', icon('warning'), text);
  });
}

function answerSection({ name, answer }: NamedAnswer): Content[] {
  const title = heading('The answer');
  if (name !== undefined) title.append(': ', foreign(name));
  return [title, ...answerBody(answer), element('p', 'small', answerNote(answer))];
}

function answerBody(answer: Answer): Content[] {
  switch (answer.kind) {
    case 'label':
      return [
        element('p', 'big', answer.name === undefined ? `Label ${answer.index}` : foreign(answer.name)),
      ];
    case 'decision':
      return [
        element('p', 'big', answer.name === undefined ? (answer.value ? 'Yes' : 'No') : foreign(answer.name)),
      ];
    case 'category':
      return [element('p', 'big', foreign(answer.value))];
    case 'logits': {
      const rows = answer.values.map(({ name, value }, index) => ({
        name: name ?? `Score ${index}`,
        value: `${shortNumber(value)}${answer.unit === undefined ? '' : ` ${answer.unit}`}`,
      }));
      return [valueTable('Score', rows)];
    }
  }
}

function features({ features: found }: Verdict): Content[] {
  if (found === undefined) return [];
  const rows = found.map((feature, index) => ({
    name: feature.name ?? feature.part ?? `Value ${index}`,
    value: featureText(feature),
  }));
  const table = valueTable('Input', rows);
  if (rows.length <= 12) return [heading('The input'), table];
  const summary = element('summary', '', `Show all ${rows.length} values`);
  return [heading('The input'), element('details', '', summary, table)];
}

function featureText({ value, unit }: Feature): string {
  switch (value.kind) {
    case 'number':
      return `${shortNumber(value.number)}${unit === undefined ? '' : ` ${unit}`}`;
    case 'text':
      return value.text;
    case 'unknown':
      return 'a category the model does not know';
  }
}

function valueTable(title: string, rows: readonly { name: string; value: string }[]): HTMLElement {
  const head = element('tr', '', cellHead(title, 'col'), cellHead('Value', 'col'));
  const body = rows.map(({ name, value }) =>
    element('tr', '', cellHead(foreign(name), 'row'), element('td', 'number', foreign(value))),
  );
  return element('table', 'values', element('thead', '', head), element('tbody', '', ...body));
}

function cellHead(content: Content, scope: string): HTMLElement {
  const cell = element('th', '', content);
  cell.scope = scope;
  return cell;
}

function facts({ verdict, record }: Shown): Content[] {
  const { model } = verdict;
  const claims = record?.manifest.claims;
  const source = record?.manifest.source;
  const setup = model?.setup === 'development' ? 'Development: only for testing' : 'Ceremony';
  const list = [
    fact('Name', foreign(model?.name ?? '')),
    fact('Model id', id(model?.modelId)),
    fact(
      'Made from',
      source && foreign(`${source.file}${source.producer === undefined ? '' : `, by ${source.producer}`}`),
      true,
    ),
    claims?.date === undefined
      ? fact('Made ready', 'The producer gives no date')
      : fact('Made ready', foreign(claims.date), true),
    claims?.accuracy === undefined
      ? fact('Accuracy', 'The producer gives no figure')
      : fact('Accuracy', accuracy(claims.accuracy), true),
    fact('Circuit', claims?.soundness && SOUNDNESS_WORDS[claims.soundness.verdict], true),
    fact('Key setup', setup, true),
    fact('Record', id(verdict.recordId)),
    fact('Row', verdict.row === undefined ? undefined : String(verdict.row), true),
  ];
  return [
    heading('The model, and this record'),
    element('dl', 'facts', ...list.flat()),
    element(
      'p',
      'small',
      element('span', 'claim', 'claim'),
      ' Claimed by the producer, not covered by the proof.',
    ),
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

function id(value: string | undefined): HTMLElement | undefined {
  return value === undefined ? undefined : element('code', 'id', value);
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

function heading(text: string): HTMLElement {
  return element('h2', '', text);
}

function fill(target: string, ...content: readonly Content[]): void {
  const section = byId(target);
  section.replaceChildren(...content.filter((part) => part !== undefined));
  section.hidden = content.length === 0;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
