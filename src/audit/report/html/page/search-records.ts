import { byId } from '../../../../export/browser/page/dom.ts';

/** Shows the rows that contain what the reader types, of the grade that the reader chose. */
export function searchRecords(): void {
  const table = document.getElementById('records');
  if (table === null) return;
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tbody tr')];
  const texts = rows.map((row) => (row.textContent ?? '').toLowerCase());
  const [needle, grade] = [byId<HTMLInputElement>('needle'), byId<HTMLSelectElement>('grade')];
  const show = () => {
    const wanted = needle.value.trim().toLowerCase();
    let shown = 0;
    for (const [at, row] of rows.entries()) {
      const fits = texts[at]!.includes(wanted) && (grade.value === '' || row.dataset.grade === grade.value);
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    byId('matches').textContent = `${shown} of ${rows.length} records`;
  };
  needle.addEventListener('input', show);
  grade.addEventListener('change', show);
  byId('filters').hidden = false;
  show();
}
