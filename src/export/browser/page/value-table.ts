import { type Content, element } from './dom.ts';

/** A table whose first column names the rows. @param titles one a column */
export function valueTable(
  titles: readonly string[],
  rows: readonly (readonly [name: Content, ...values: Content[]])[],
): HTMLElement {
  const head = element('tr', '', ...titles.map((title) => headCell(title, 'col')));
  const body = rows.map(([name, ...values]) =>
    element('tr', '', headCell(name, 'row'), ...values.map((value) => element('td', 'number', value))),
  );
  return element('table', 'values', element('thead', '', head), element('tbody', '', ...body));
}

function headCell(content: Content, scope: string): HTMLElement {
  const cell = element('th', '', content);
  cell.scope = scope;
  return cell;
}
