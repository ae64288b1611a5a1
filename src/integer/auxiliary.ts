/**
 * The numbers that a primitive's witness holds in addition to the node's outputs, by signal name, in the order in which
 * the template declares its signals:
 * - `bits`: a number carried bit by bit. N bits cost N + 1 constraints: one per bit to make it boolean, one for the
 *   sum.
 * - `whole`: a number on one wire. It costs the one constraint that defines it.
 */
export type Auxiliaries = Readonly<Record<string, 'bits' | 'whole'>>;

/** Names of one kind; any string if the primitive is not known statically. */
type NamesOf<A extends Auxiliaries, Kind> = string extends keyof A
  ? string
  : { [Name in keyof A & string]: A[Name] extends Kind ? Name : never }[keyof A & string];

export type BitsName<A extends Auxiliaries> = NamesOf<A, 'bits'>;
export type WholeName<A extends Auxiliaries> = NamesOf<A, 'whole'>;

/** Receives the auxiliary numbers that a primitive declares, one output after another. All are non-negative. */
export interface AuxiliarySink<A extends Auxiliaries> {
  /** @param value below 2^bits; with 0 bits no wire carries it, but it still has a slot */
  bits(name: BitsName<A>, bits: number, value: number): void;
  whole(name: WholeName<A>, value: number): void;
}

/**
 * Writes the auxiliary numbers of output `index` to a sink. Their names, number and order must not depend on the
 * values: one such run defines the layout of the trace (trace-layout.ts).
 */
export type OutputAuxiliaries<A extends Auxiliaries> = (
  index: number,
  values: Float64Array,
  aux: AuxiliarySink<A>,
) => void;
