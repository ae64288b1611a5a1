import type { Finding } from '../../findings/findings-types.ts';
import type { Plot } from '../plots/plot.ts';
import type { CellKind, Table } from './table.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly kind?: CellKind;
}

/** A part of a report, on screen or paper. Texts are plain: each renderer escapes them. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'plot'; readonly plot: Plot }
  | { readonly kind: 'finding'; readonly finding: Finding; readonly records: Table };

export interface Section {
  /** For links: a word. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Tone = 'good' | 'open' | 'bad';

export interface Report {
  readonly title: string;
  readonly tone: Tone;
  /** The result in a sentence. */
  readonly headline: string;
  /** What the headline rests on. */
  readonly lead: string;
  readonly sections: readonly Section[];
}
