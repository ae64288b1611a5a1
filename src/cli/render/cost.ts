import type { CostRecord } from '../../circuit/artifact.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { formatCount } from './units.ts';

/** One layer of a model, as far as its cost is known. */
export interface LayerCost {
  readonly name: string;
  readonly op?: string;
  readonly outputs?: number;
  readonly macs?: number;
  readonly constraints: number;
}

const COLUMNS = [
  { title: 'layer' },
  { title: 'op' },
  { title: 'outputs', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'constraints', align: 'right' },
] as const;

/** Constraints by layer, with what the input's digest and the context add, and the domain they need. */
export function renderCost(
  cost: CostRecord,
  style: Style,
  layers: readonly LayerCost[] = costRows(cost),
): string {
  const rest = [
    ...(cost.digest > 0 ? [['input digest', cost.digest] as const] : []),
    ['context', 1] as const,
  ];
  const rows = [...layers, ...rest.map(([name, constraints]): LayerCost => ({ name, constraints }))];
  const known = COLUMNS.map(({ title }, c) => c === 0 || rows.some((row) => cells(row)[c] !== ''));
  const pick = <T>(items: readonly T[]) => items.filter((_, c) => known[c]);
  const total = `${formatCount(cost.constraints)} constraints + ${formatCount(cost.publicSignals)} public signals`;
  const table = renderTable(
    pick(COLUMNS),
    rows.map((row) => pick(cells(row))),
    style.dim,
  );
  return [
    ...table.split('\n').map((line) => `  ${line}`),
    `  ${style.bold(total)}: domain 2^${cost.domainPower}`,
  ].join('\n');
}

function costRows(cost: CostRecord): LayerCost[] {
  return cost.layers.map(({ layer, constraints }) => ({ name: layer, constraints }));
}

function cells({ name, op, outputs, macs, constraints }: LayerCost): string[] {
  const count = (value: number | undefined) => (value === undefined ? '' : formatCount(value));
  return [name, op ?? '', count(outputs), count(macs), formatCount(constraints)];
}
