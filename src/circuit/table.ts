import type { Table } from '../integer/integer-graph.ts';
import type { Piecewise } from '../integer/piecewise.ts';
import { type Lookup, lastRow, type TableForm, tableForms } from '../integer/table-form.ts';
import type { Builder } from './builder.ts';
import {
  type Arguments,
  identityOf,
  instancesOf,
  type LinearPart,
  rowsAt,
  sumArguments,
  wiring,
  withOwnBits,
} from './linear-part.ts';
import type { OutputWire } from './shared-wires.ts';
import { wiredParts } from './wired-parts.ts';

/**
 * A table node together with the linear node whose sums it looks up, or with the identity if it reads wires: like a
 * requantize node, it decomposes the sums where they are built.
 */
export const buildTable: Builder<Table> = (name, node, { bounds, fused, forms: wireForms }) => {
  const linear = fused.into.get(node);
  const forms = tableForms(node, bounds);
  const polynomials = distinctPolynomials(forms);
  return wiredParts(linear ?? identityOf(node), bounds, wireForms).map((wired, k, parts) => {
    const own = forms.slice(wired.start, wired.start + wired.bias.length);
    const bias = wired.bias.map((sum, i) => {
      const form = own[i]!;
      return form.kind === 'constant' ? 0 : sum + form.offset;
    });
    const part = withOwnBits(wired, bias, (i) => hasOneBit(own[i]!));
    return {
      ...wiring(part),
      name: parts.length === 1 ? name : `${name}_${k}`,
      node,
      origin: [...(linear?.origin ?? []), ...node.origin],
      outputFirst: node.first + part.start,
      instances: () =>
        instancesOf(part, [sumArguments(part, bias), tableArguments(part, node, own, polynomials)]),
      outputWires: own.map(wireOf),
    };
  });
};

function hasOneBit(form: TableForm): boolean {
  return form.kind === 'direct' && form.bits === 1;
}

/** An output may be another name of a bit or a monomial. */
function wireOf(form: TableForm): OutputWire {
  if (form.kind === 'constant') return 'constant';
  return lastRow(form) === 'sum' && isOneWire(form) ? 'auxiliary' : 'row';
}

/** Whether the last sum is one wire: there are no products then. */
function isOneWire({ kind, values, mirror, lo }: Lookup): boolean {
  const { lowBits, highBits, coefficients, least } = values.parts[0]!;
  const terms = [
    ...coefficients.subarray(1, 2 ** lowBits),
    ...least.subarray(1, 2 ** highBits),
    kind === 'mirrored' ? -mirror.least : 0,
  ].filter((weight) => weight !== 0);
  return terms.length === 1 && terms[0] === 1 && coefficients[0] === lo;
}

function distinctPolynomials(forms: readonly TableForm[]): Piecewise[] {
  return Array.from(new Set(forms.flatMap((form) => (form.kind === 'constant' ? [] : [form.values]))));
}

/** Arguments of Table, as the header of circuits/table.circom declares them. */
function tableArguments(
  part: LinearPart,
  node: Table,
  own: readonly TableForm[],
  polynomials: readonly Piecewise[],
): Arguments {
  const places = new Map(polynomials.map((values, k) => [values, k]));
  const rows = own.map((form) => formArguments(form, places));
  const form = (position: number) =>
    rowsAt(Array.from(rows.keys()), part.block, position).map((row) => rows[row]!);
  // circom's arrays are rectangular, and not empty.
  const [none] = [[0]];
  const padded = (arrays: readonly (readonly number[])[]) => {
    const length = arrays.reduce((most, array) => Math.max(most, array.length), 1);
    if (arrays.length === 0) return [none!];
    return arrays.map((array) => [...array, ...new Array<number>(length - array.length).fill(0)]);
  };
  return {
    shared: [
      { name: 'shift', value: node.shift },
      {
        name: 'halves',
        value: padded(polynomials.map(halvesOf)),
      },
      { name: 'isRead', value: padded(polynomials.map(readMasks)) },
      { name: 'least', value: padded(polynomials.map(({ parts }) => ofParts(parts, 'least'))) },
      { name: 'coefficients', value: padded(polynomials.map(({ parts }) => ofParts(parts, 'coefficients'))) },
    ],
    varying: [{ name: 'form', at: form }],
  };
}

/** Bits of the halves of the segment and of the rest, the degree, and the least value of each factor of the rest. */
function halvesOf({ lowBits, highBits, fine, parts, leasts }: Piecewise): number[] {
  return [lowBits, highBits, fine, parts.length - 1, ...leasts.slice(1)];
}

function ofParts(parts: Piecewise['parts'], name: 'least' | 'coefficients'): number[] {
  return parts.flatMap((part) => Array.from(part[name]));
}

/**
 * By monomial of the low bits, then of the high bits: 1 if it takes a product; then by part and H: 1 if m_H · A_H takes
 * one.
 */
function readMasks({ lowBits, highBits, lowMonomials, highMonomials, parts }: Piecewise): number[] {
  const flags = (count: number, masks: readonly number[]) =>
    Array.from({ length: count }, (_, mask) => (masks.includes(mask) ? 1 : 0));
  return [
    ...flags(2 ** lowBits, lowMonomials),
    ...flags(2 ** highBits, highMonomials),
    ...parts.flatMap(({ products }) => flags(2 ** highBits, products)),
  ];
}

const KINDS = { constant: 0, direct: 1, mirrored: 2 } as const;

function formArguments(form: TableForm, places: ReadonlyMap<Piecewise, number>): number[] {
  if (form.kind === 'constant') return new Array<number>(13).fill(0);
  const { kind, bits, isSigned, guards, values, beyond, mirror, lo } = form;
  return [
    ...[KINDS[kind], bits, isSigned ? 1 : 0, guards, places.get(values)!],
    ...[beyond.base, beyond.slope],
    ...[mirror.constant, mirror.slope, mirror.factor, mirror.least, mirror.varies ? 1 : 0],
    lo,
  ];
}
