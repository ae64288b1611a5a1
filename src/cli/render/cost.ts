import type { InputMode } from '@quietproof/verify';
import type { CostRecord } from '../../artifact/artifact-manifest.ts';
import { inputCostRows } from '../../artifact/cost-record.ts';
import { formatCount } from '../../text/units.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

/** One layer of a model and what is known about its cost. */
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

/** A table of constraints per layer (`layers` includes the input's), the context's, and the domain that they need. */
export function renderCost(cost: CostRecord, layers: readonly LayerCost[], style: Style): string {
  const counted = layers.reduce((sum, layer) => sum + layer.constraints, 0);
  const rows = [...layers, { name: 'context', constraints: cost.constraints - counted }].map(cells);
  const known = COLUMNS.map((_, c) => rows.some((row) => row[c] !== ''));
  const pick = <T>(items: readonly T[]) => items.filter((_, c) => known[c]);
  const total = `${formatCount(cost.constraints)} constraints + ${formatCount(cost.publicSignals)} public signals`;
  const table = renderTable(pick(COLUMNS), rows.map(pick), style.dim);
  const lines = table.split('\n').map((line) => `  ${line}`);
  return [...lines, `  ${style.bold(total)}: domain 2^${cost.domainPower}`].join('\n');
}

/** Costs of the layers and the input of a compiled model. @param nameOf a layer's name for people */
export function costRows(cost: CostRecord, input: InputMode, nameOf: (layer: string) => string): LayerCost[] {
  const layers = cost.layers.map(({ layer, constraints }) => ({ name: nameOf(layer), constraints }));
  return [...layers, ...inputCostRows(input, cost)];
}

function cells({ name, op, outputs, macs, constraints }: LayerCost): string[] {
  const count = (value: number | undefined) => (value === undefined ? '' : formatCount(value));
  return [name, op ?? '', count(outputs), count(macs), formatCount(constraints)];
}
