/**
 * The numbers that a primitive's witness holds beside the node's outputs, by signal name, in the order in which the
 * template declares its signals:
 * - `bits`: a number that is carried bit by bit. N bits cost N + 1 constraints: each is boolean, and a sum is the number.
 * - `whole`: a number on one wire. It costs the constraint that defines it.
 */
export type Auxiliaries = Readonly<Record<string, 'bits' | 'whole'>>;

/** Of a primitive that is not known here, any name. */
type NamesOf<A extends Auxiliaries, Kind> = string extends keyof A
  ? string
  : { [Name in keyof A & string]: A[Name] extends Kind ? Name : never }[keyof A & string];

export type BitsName<A extends Auxiliaries> = NamesOf<A, 'bits'>;
export type WholeName<A extends Auxiliaries> = NamesOf<A, 'whole'>;

/** Takes the auxiliary numbers of one output after another, those that a primitive declares. All are non-negative. */
export interface AuxiliarySink<A extends Auxiliaries> {
  /** @param value below 2^bits; with 0 bits no wire carries it, but it has its slot */
  bits(name: BitsName<A>, bits: number, value: number): void;
  whole(name: WholeName<A>, value: number): void;
}

/**
 * Gives the auxiliary numbers of output `index` to a sink. Which ones, how many and in what order must not depend on
 * the values: the layout of the trace is what one such run gives (trace-layout.ts).
 */
export type OutputAuxiliaries<A extends Auxiliaries> = (
  index: number,
  values: Float64Array,
  aux: AuxiliarySink<A>,
) => void;
