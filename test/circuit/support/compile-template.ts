import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as snarkjs from 'snarkjs';
import { vi } from 'vitest';
import { compileCircom } from '../../../src/circuit/circom/circom-compiler.ts';
import { circuitTemplates } from '../../../src/circuit/circom/templates.ts';
import { readR1cs } from '../../../src/formats/r1cs.ts';
import { readSym } from '../../../src/formats/sym-file.ts';
import { type Constraint, constraintsOf, evaluate } from './constraints.ts';
import { undeterminedWires } from './determinism.ts';

/** Values of input signals by name: a number, a big integer, or an array of them. */
export type Inputs = Readonly<Record<string, bigint | number | readonly (bigint | number)[]>>;

/** A compiled circuit on which tests can try honest and forged witnesses. */
export class CompiledTemplate {
  readonly constraints: readonly Constraint[];
  readonly wireCount: number;
  readonly outputCount: number;
  /** Content of circom's `.sym` file. */
  readonly sym: string;
  readonly #wires: ReadonlyMap<string, number>;
  readonly #wasm: Uint8Array;
  readonly #inputWires: number;
  readonly #touching: readonly (readonly number[])[];

  constructor(r1cs: Uint8Array, sym: string, wasm: Uint8Array) {
    const header = readR1cs(r1cs);
    this.constraints = constraintsOf(header);
    this.wireCount = header.nWires;
    this.#inputWires = header.nPublicInputs + header.nPrivateInputs;
    this.outputCount = header.nOutputs;
    this.sym = sym;
    const wires = new Map<string, number>();
    readSym(sym, (wire, name) => wires.set(name.slice('main.'.length), wire));
    this.#wires = wires;
    this.#wasm = wasm;
    const touching = Array.from({ length: this.wireCount }, () => [] as number[]);
    this.constraints.forEach((constraint, row) => {
      const used = new Set(
        [constraint.a, constraint.b, constraint.c].flatMap((sum) => sum.map(([wire]) => wire)),
      );
      for (const wire of used) touching[wire]!.push(row);
    });
    this.#touching = touching;
  }

  get constraintCount(): number {
    return this.constraints.length;
  }

  /** Number of terms in all linear combinations. */
  get nonzeros(): number {
    return this.constraints.reduce((sum, { a, b, c }) => sum + a.length + b.length + c.length, 0);
  }

  /** circom's own witness. Rejects if circom refuses the inputs. */
  async calculate(inputs: Inputs): Promise<bigint[]> {
    const wtns = { type: 'mem' as const, data: new Uint8Array() };
    await snarkjs.wtns.calculate(inputs, this.#wasm, wtns);
    return snarkjs.wtns.exportJson(wtns);
  }

  /** The wire of a signal such as `out` or `permutation[0].fifth[3]`. Throws if it has none. */
  wireOf(signal: string): number {
    const wire = this.#wires.get(signal);
    if (wire === undefined) throw new Error(`no wire for signal "${signal}"`);
    return wire;
  }

  /** Names of signals that have a wire and match the pattern. */
  signals(pattern: RegExp): string[] {
    return Array.from(this.#wires.keys()).filter((name) => pattern.test(name));
  }

  /** Indices of violated constraints; none for a valid witness. */
  violated(witness: readonly bigint[]): number[] {
    return this.constraints.flatMap((constraint, row) => (evaluate(constraint, witness) ? [] : [row]));
  }

  /** Indices of the constraints that are violated after changing some signals of a valid witness. */
  forged(witness: readonly bigint[], changes: Readonly<Record<string, bigint>>): number[] {
    const changed = Array.from(witness);
    const rows = new Set<number>();
    for (const [signal, value] of Object.entries(changes)) {
      const wire = this.wireOf(signal);
      changed[wire] = value;
      for (const row of this.#touching[wire]!) rows.add(row);
    }
    return Array.from(rows)
      .filter((row) => !evaluate(this.constraints[row]!, changed))
      .sort((x, y) => x - y);
  }

  /**
   * Names of wires that the simple rules of determinism.ts do not show to be determined by the inputs. If there are
   * none, no forged witness exists.
   */
  undetermined(): string[] {
    const first = 1 + this.outputCount;
    const inputs = Array.from({ length: this.#inputWires }, (_, i) => first + i);
    const names = new Map(Array.from(this.#wires, ([name, wire]) => [wire, name]));
    const wires = undeterminedWires(this.constraints, this.wireCount, inputs);
    return wires.map((wire) => names.get(wire) ?? `wire ${wire}`);
  }
}

/**
 * Compiles circom text that may include the templates in `circuits/` (the pragma is added).
 *
 * @example compileTemplate('include "range.circom";\ncomponent main = Range(8);')
 */
export async function compileTemplate(source: string): Promise<CompiledTemplate> {
  const outDir = await mkdtemp(join(tmpdir(), 'quietproof-template-'));
  try {
    const text = `pragma circom 2.2.0;\n${source}\n`;
    const input = { source: text, includes: await circuitTemplates(), outDir, wasm: true };
    const { r1csPath, symPath, wasmPath } = await compileCircom(input);
    return new CompiledTemplate(
      await readFile(r1csPath),
      await readFile(symPath!, 'utf8'),
      await readFile(wasmPath!),
    );
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** Stops circom's calculator from printing errors, until `vi.restoreAllMocks()`. */
export function quiet(): void {
  vi.spyOn(console, 'error').mockImplementation(() => {});
}
