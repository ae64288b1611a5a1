/** How a value is set: prose, a number on the right, or an id whose every character counts. */
export type CellKind = 'text' | 'number' | 'id';

export interface Column {
  readonly title: string;
  readonly kind: CellKind;
  /** Share of the width on paper, relative to the others. */
  readonly share: number;
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}
