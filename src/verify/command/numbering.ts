import path from 'node:path';
import { BUNDLE_SUFFIX, type FoundFile } from './find-bundles.ts';

/** The numbers in the file names of one folder, e.g. 000000 to 000141. */
export interface Numbering {
  readonly folder: string;
  readonly first: number;
  readonly last: number;
  /** Numbers between the first and the last that no file has. */
  readonly missing: number;
  /** The first few runs of them, both ends included. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** The first few numbers that several files have, e.g. 000003 and 0000003. */
  readonly repeated: readonly number[];
}

const MAX_NAMED = 5;
const NUMBERED = /^([0-9]{6,15})\.proof\.json$/;

/** The row number in a bundle's file name, e.g. 17 for `000017.proof.json`; undefined for other names. */
export function rowOfBundle(file: string): number | undefined {
  if (!file.endsWith(BUNDLE_SUFFIX)) return undefined;
  const digits = NUMBERED.exec(path.basename(file))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The numbering of each folder with at least two numbered bundles. Files that were named one by one have none. */
export function numberingOf(files: readonly FoundFile[]): Numbering[] {
  const folders = new Map<string, number[]>();
  for (const { file, named } of files) {
    const row = named ? undefined : rowOfBundle(file);
    if (row === undefined) continue;
    const folder = path.dirname(file);
    const rows = folders.get(folder);
    if (rows === undefined) folders.set(folder, [row]);
    else rows.push(row);
  }
  return [...folders].filter(([, rows]) => rows.length > 1).map(([folder, rows]) => numbering(folder, rows));
}

function numbering(folder: string, rows: number[]): Numbering {
  rows.sort((a, b) => a - b);
  const gaps: [number, number][] = [];
  const repeated = new Set<number>();
  let missing = 0;
  for (let at = 1; at < rows.length; at += 1) {
    const [before, row] = [rows[at - 1] as number, rows[at] as number];
    if (row === before && repeated.size < MAX_NAMED) repeated.add(row);
    if (row <= before + 1) continue;
    missing += row - before - 1;
    if (gaps.length < MAX_NAMED) gaps.push([before + 1, row - 1]);
  }
  return {
    folder,
    first: rows[0] as number,
    last: rows.at(-1) as number,
    missing,
    gaps,
    repeated: [...repeated],
  };
}
