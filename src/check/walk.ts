import { ZERO } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerGraph, IntegerLinear } from '../integer/integer-graph.ts';
import type { Relation } from '../integer/joint-range.ts';
import { type WireSource, wholeSlot } from '../integer/wire-source.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { describeNearest } from './describe-row.ts';
import { JointIntervals } from './joint-intervals.ts';
import { type LinearForm, SmallForm } from './linear-form.ts';
import { type TermsOf, termsOf } from './linear-terms.ts';
import type { Problem } from './problem.ts';
import { RowMatcher } from './row-matcher.ts';
import type { WireHints } from './wire-hints.ts';

/**
 * Entries of `#wire` for values without a wire: a constant (value = base), or a sum that is expanded where it is read.
 */
const CONSTANT = -1;
const SUMMED = -2;

/** Half of the exact range of doubles, so that a value plus a rounding half or an offset is still exact. */
const EXACT = 2 ** 52;
/** How many problems are recorded; the others are counted. */
const MAX_PROBLEMS = 20;

/** Σ coefficient · wire, by wire; wire 0 is the constant 1. */
export type WireSum = ReadonlyMap<number, number>;

/**
 * The walk from inputs to outputs along the integer graph. At every step two things are proved for each value visited
 * so far: how it is expressed by wires of the r1cs, and the exact interval that it lies in for all inputs in range.
 *
 * Induction (correspondence). Suppose every value that a gadget reads is value = wire + base (or a constant, or a sum
 * of such) in all satisfying witnesses with inputs in range. The gadget's rows are derived from the graph and from
 * these expressions alone and are found in the r1cs coefficient for coefficient, and its lemma says that they force its
 * output wire to be (output − base). So the same holds for its output.
 *
 * Induction (satisfiable). Every wire is claimed by at most one gadget (`claim`), so the walk's order is an order of
 * assignment: a gadget's lemma gives values for the wires it claims that satisfy the rows it matched, whatever the
 * values assigned before. If all rows of the r1cs are matched, all hold.
 */
export class Walk {
  readonly graph: IntegerGraph;
  readonly system: ConstraintSystem;
  readonly bounds: Bounds;
  readonly hints: WireHints;
  readonly rows: RowMatcher;
  readonly problems: Problem[] = [];
  problemCount = 0;
  /** Number of proved gadgets, by pattern. */
  readonly gadgets = new Map<string, number>();
  /** Public wires that a sum with weights reads. */
  readonly weighted = new Set<number>();
  /** Proved intervals of values. */
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  readonly #wire: Int32Array;
  readonly #base: Float64Array;
  readonly #claimed: Uint8Array;
  readonly #sums = new Map<number, IntegerLinear>();
  readonly #forms = new Map<number, WireSum>();
  readonly #owed = new Set<number>();
  readonly #joint = new JointIntervals();
  readonly #terms = new Map<IntegerLinear, TermsOf>();
  readonly #boolean: Uint32Array;
  readonly #name: (wire: number) => string;
  /** Scratch forms that are reused for every gadget: a row, and the factors of a product. */
  readonly sum: SmallForm;
  readonly left: SmallForm;
  readonly right: SmallForm;
  readonly #scratch: SmallForm;

  constructor(
    graph: IntegerGraph,
    system: ConstraintSystem,
    bounds: Bounds,
    hints: WireHints,
    boolean: Uint32Array,
    name: (wire: number) => string,
  ) {
    const count = bounds.lo.length;
    this.graph = graph;
    this.system = system;
    this.bounds = bounds;
    this.hints = hints;
    this.rows = new RowMatcher(system);
    this.lo = new Float64Array(count);
    this.hi = new Float64Array(count);
    this.#wire = new Int32Array(count).fill(SUMMED);
    this.#base = new Float64Array(count);
    this.#claimed = new Uint8Array(system.r1cs.nWires);
    this.#claimed[0] = 1;
    this.#boolean = boolean;
    this.#name = name;
    this.sum = new SmallForm(system.r1cs.nWires);
    this.left = new SmallForm(system.r1cs.nWires);
    this.right = new SmallForm(system.r1cs.nWires);
    this.#scratch = new SmallForm(system.r1cs.nWires);
  }

  fail(claim: Problem['claim'], where: string, what: string): false {
    this.problemCount += 1;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ claim, where, what });
    return false;
  }

  proved(pattern: string): void {
    this.gadgets.set(pattern, (this.gadgets.get(pattern) ?? 0) + 1);
  }

  /** Claims a wire for one gadget. A wire that two gadgets assign could not take both values. */
  claim(wire: number, where: string): boolean {
    if (this.#claimed[wire] === 0) {
      this.#claimed[wire] = 1;
      return true;
    }
    return this.fail('correspondence', where, `${this.#name(wire)} is assigned twice`);
  }

  isClaimed(wire: number): boolean {
    return this.#claimed[wire] === 1;
  }

  /** Places an input: value(id) = wire, with base 0. */
  placeInput(id: number, wire: number, max: number): void {
    this.#wire[id] = wire;
    this.#claimed[wire] = 1;
    this.lo[id] = 0;
    this.hi[id] = max;
  }

  /** Says that no row for the input alone holds it in its range: a gadget that reads it must (`settleOwed`). */
  owe(id: number): void {
    this.#owed.add(id);
  }

  /** Says that the rows of a gadget hold an input in 0 … max, whatever the other rows say. */
  settleOwed(id: number): void {
    this.#owed.delete(id);
  }

  /** Inputs that nothing holds in range, ascending. */
  get owed(): readonly number[] {
    return Array.from(this.#owed).sort((a, b) => a - b);
  }

  interval(id: number): { lo: number; hi: number } {
    return id === ZERO ? { lo: 0, hi: 0 } : { lo: this.lo[id]!, hi: this.hi[id]! };
  }

  /** Records a value's proved interval, which must equal the compiler's bounds. */
  bound(id: number, lo: number, hi: number, where: string): void {
    this.lo[id] = lo;
    this.hi[id] = hi;
    if (!(Math.abs(lo) <= EXACT && Math.abs(hi) <= EXACT)) {
      this.fail('range', where, `its range ${lo} … ${hi} passes 2^52`);
    } else if (lo !== this.bounds.lo[id] || hi !== this.bounds.hi[id]) {
      const table = `${this.bounds.lo[id]} … ${this.bounds.hi[id]}`;
      this.fail('range', where, `its proved range is ${lo} … ${hi}, the bounds say ${table}`);
    }
  }

  /** form += weight · value(id), as wires. */
  addValue(form: SmallForm, id: number, weight: number): void {
    if (id === ZERO || weight === 0) return;
    const wire = this.#wire[id]!;
    if (wire === SUMMED) {
      const node = this.#sums.get(id);
      if (node !== undefined) this.addSum(form, node, id - node.first, weight);
      for (const [own, coefficient] of this.#forms.get(id) ?? []) form.add(own, weight * coefficient);
      return;
    }
    if (wire > 0) form.add(wire, weight);
    form.add(0, weight * this.#base[id]!);
  }

  /** form += weight · (output `index` of a linear node), with its sources expanded into wires. */
  addSum(form: SmallForm, node: IntegerLinear, index: number, weight = 1): void {
    form.add(0, weight * node.bias[index]!);
    this.#termsOf(node)(index, (id, own) => {
      this.addValue(form, id, weight * own);
      const wire = this.#wire[id]!;
      const { nOutputs, nPublicInputs } = this.system.r1cs;
      if (wire > 0 && wire <= nOutputs + nPublicInputs) this.weighted.add(wire);
    });
  }

  /** Interval of output `index` of a linear node; `exact` if every partial sum, in any order, is exact in doubles. */
  sumInterval(node: IntegerLinear, index: number): { lo: number; hi: number; exact: boolean } {
    let lo = node.bias[index]!;
    let hi = lo;
    let magnitude = Math.abs(lo);
    this.#termsOf(node)(index, (id, weight) => {
      const ends = [weight * this.lo[id]!, weight * this.hi[id]!] as const;
      magnitude += Math.max(Math.abs(ends[0]), Math.abs(ends[1]));
      if (this.#joint.add(id, weight)) return;
      lo += Math.min(...ends);
      hi += Math.max(...ends);
    });
    const joint = this.#joint.take();
    return { lo: lo + joint.lo, hi: hi + joint.hi, exact: magnitude < EXACT };
  }

  /**
   * Records a proved relation of the values [first, first + count), each of which is 0 or 1. Sums over them then have
   * the exact interval.
   */
  relate(relation: Relation, first: number, count: number): void {
    this.#joint.relate(relation, first, count);
  }

  /** The value as a sum of wires. */
  expand(id: number): WireSum {
    const form = this.#scratch.clear();
    this.addValue(form, id, 1);
    return new Map(form.wires().map((wire) => [wire, form.value(wire)]));
  }

  /** Places a value without a wire that is a sum of wires: it is expanded wherever it is read. */
  placeForm(id: number, form: WireSum): void {
    this.#wire[id] = SUMMED;
    this.#forms.set(id, form);
  }

  /** Places a linear value without a wire: it is expanded wherever it is read. */
  placeSum(id: number, node: IntegerLinear): void {
    this.#wire[id] = SUMMED;
    this.#sums.set(id, node);
  }

  placeConstant(id: number, value: number): void {
    this.#wire[id] = CONSTANT;
    this.#base[id] = value;
  }

  placeWire(id: number, wire: number, base: number): void {
    this.#wire[id] = wire;
    this.#base[id] = base;
  }

  /** After a reported problem: continues with the wire that the names suggest. */
  placeUnproved(id: number): void {
    const wire = this.hints.of(wholeSlot(id));
    this.#wire[id] = wire > 0 ? wire : CONSTANT;
    this.#base[id] = this.bounds.lo[id]!;
  }

  /**
   * Proves that the value is on a wire: `form` = value − base is already a single wire, or a row says wire = form. A
   * form without wires is a constant and needs no row. `form` must not be `this.left`.
   */
  settle(id: number, form: SmallForm, base: number, where: string): boolean {
    const wires = form.wires().filter((wire) => wire !== 0);
    const constant = form.value(0);
    const hint = this.hints.of(wholeSlot(id));
    const [sole] = wires;
    if (sole !== undefined && wires.length === 1 && form.value(sole) === 1 && constant === 0) {
      if (hint === -1 || hint === sole || !this.#isRow(hint, form)) return this.#place(id, sole, base);
      return this.#place(id, hint, base) && this.claim(hint, where);
    }
    if (hint > 0 && this.#isRow(hint, form)) return this.#place(id, hint, base) && this.claim(hint, where);
    if (wires.length === 0) {
      this.placeConstant(id, base + constant);
      return true;
    }
    this.placeUnproved(id);
    if (hint === -1) return this.fail('correspondence', where, 'no wire is known to carry it');
    form.add(hint, -1);
    return this.failRow(form, hint, where);
  }

  /** The wire of a source. circom merges equal signals: then the wire may only be known by the name of `output`. */
  wireOf(source: WireSource, output: number): number {
    const wire = this.hints.of(source);
    return wire === -1 && output !== ZERO ? this.hints.of(wholeSlot(output)) : wire;
  }

  /** Matches a row wire = form. */
  #isRow(wire: number, form: SmallForm): boolean {
    this.left.clear().addForm(form, 1).add(wire, -1);
    return this.rows.linear(this.left);
  }

  #place(id: number, wire: number, base: number): true {
    this.#wire[id] = wire;
    this.#base[id] = base;
    return true;
  }

  /**
   * Bits: Σ 2^k·b_k = form, and one row per b_k that makes it boolean.
   *
   * Lemma "bits". If 0 ≤ form < 2^N as an integer in all witnesses with inputs in range, and N ≤ 53, the rows force b_k
   * to be bit k of it. Proof: both sides are integers in [0, 2^N) that agree modulo r > 2^N, so they are equal, and
   * binary digits are unique. ∎ The caller proves the form's interval. Its magnitude stays below 2^54, so the field
   * element stands for that integer. Satisfiable: by the bits of the integer.
   *
   * @param output a value that may share a wire with a bit
   * @returns the wires of the bits; undefined after reporting a problem
   */
  bits(
    bitSource: (k: number) => WireSource,
    count: number,
    form: SmallForm,
    where: string,
    output = ZERO,
  ): number[] | undefined {
    const wires = this.#bitWires(bitSource, count, where, output);
    if (wires === undefined) return undefined;
    for (const [k, wire] of wires.entries()) form.add(wire, -(2 ** k));
    if (!this.rows.linear(form)) {
      const [first] = wires;
      this.failRow(form, first!, where, `as ${count} bits: `);
      return undefined;
    }
    for (const wire of wires) if (!this.#takeBoolean(wire, where)) return undefined;
    return wires;
  }

  /**
   * Boolean wires: one row per wire that makes it boolean. What they are the bits of is for the caller to prove.
   *
   * @returns the wires; undefined after reporting a problem
   */
  booleans(
    bitSource: (k: number) => WireSource,
    count: number,
    where: string,
    output = ZERO,
  ): number[] | undefined {
    const wires = this.#bitWires(bitSource, count, where, output);
    return wires?.every((wire) => this.#takeBoolean(wire, where)) ? wires : undefined;
  }

  #bitWires(
    bitSource: (k: number) => WireSource,
    count: number,
    where: string,
    output: number,
  ): number[] | undefined {
    const wires: number[] = [];
    for (let k = 0; k < count; k += 1) {
      const wire = this.wireOf(bitSource(k), output);
      if (wire <= 0) {
        this.fail('correspondence', where, `bit ${k} of ${count} is on no wire`);
        return undefined;
      }
      wires.push(wire);
    }
    return wires;
  }

  #takeBoolean(wire: number, where: string): boolean {
    const row = this.#boolean[wire]!;
    if (row === 0) return this.fail('correspondence', where, `nothing makes ${this.#name(wire)} boolean`);
    if (!this.rows.take(row - 1))
      return this.fail('correspondence', where, `${this.#name(wire)} is used twice`);
    return this.claim(wire, where);
  }

  /** Matches the row that makes an input wire boolean. */
  booleanInput(wire: number, where: string): boolean {
    const row = this.#boolean[wire]!;
    if (row === 0 || !this.rows.take(row - 1)) {
      return this.fail('range', where, `nothing holds ${this.#name(wire)} in 0 … 1`);
    }
    return true;
  }

  /** Matches out = left · right + form, where the factors are `this.left` and `this.right`, and claims `out`. */
  product(out: number, form: SmallForm, where: string): boolean {
    if (out <= 0) return this.fail('correspondence', where, 'its product is on no wire');
    // The row reads left · right = out − form.
    const rest = this.sum === form ? form : this.sum.clear().addForm(form, 1);
    for (const wire of rest.wires()) rest.add(wire, -2 * rest.value(wire));
    rest.add(out, 1);
    if (this.rows.product(this.left, this.right, rest)) return this.claim(out, where);
    return this.failRow(rest, out, where);
  }

  /**
   * Matches left · right = form, where the factors are `this.left` and `this.right`: with a constant right factor, circom
   * writes the row as a sum.
   */
  matchProduct(form: SmallForm): boolean {
    if (this.right.wires().some((wire) => wire !== 0)) return this.rows.product(this.left, this.right, form);
    return this.rows.linear(form.addForm(this.left, -this.right.value(0)));
  }

  /** Reports that an expected row is missing, and which row comes closest. */
  failRow(form: LinearForm, wire: number, where: string, before = ''): false {
    const what = describeNearest(this.system, this.rows, form, wire, this.#name);
    return this.fail('correspondence', where, before + what);
  }

  #termsOf(node: IntegerLinear): TermsOf {
    const known = this.#terms.get(node) ?? termsOf(node);
    this.#terms.set(node, known);
    return known;
  }
}
