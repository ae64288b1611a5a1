import type { Table } from '../content/table.ts';

/** Series have a colour each; the last is for all others together. */
export const MOST_SERIES = 7;

export type Shape =
  | {
      readonly kind: 'bar';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      /** Index of its colour. */
      readonly series: number;
      /** What it stands for. */
      readonly title: string;
    }
  | { readonly kind: 'line'; readonly from: Point; readonly to: Point; readonly role: 'axis' | 'grid' }
  | {
      readonly kind: 'label';
      readonly at: Point;
      readonly text: string;
      readonly anchor: 'start' | 'middle' | 'end';
    };

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A drawing in units of which the whole is `width` by `height`, from the top left; the same on screen and paper. */
export interface Plot {
  /** For links: a word. */
  readonly id: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** Names of the series, by index of their colour. Empty for one that needs no name. */
  readonly legend: readonly string[];
  /** The numbers. */
  readonly data: Table;
}
