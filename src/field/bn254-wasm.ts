import { buildBn128 } from 'ffjavascript';
import { ELEMENT_BYTES, SCALAR_FIELD } from './bn254.ts';

/** A function of the WebAssembly module: all parameters are addresses or counts. */
type Op = (...args: number[]) => number;

/** The exports used here; f1m, f2m: base field and its extension, frm: scalar field (all in Montgomery form). */
export interface Bn254Ops {
  readonly [name: string]: Op;
}

const PAGE = 65_536;
/** What ffjavascript reserves for the module's own data: see its threadman.js (MEM_SIZE). */
const INITIAL_PAGES = 25;
/** Batch functions take scratch memory above the free pointer without asking; it is never less than this. */
const SCRATCH_BYTES = 4 * 2 ** 20;

/**
 * BN254 arithmetic in WebAssembly with a memory of its own, on ffjavascript's machine code (wasmcurves) but without
 * its thread pool: plain synchronous calls on addresses, 75 ns a multiplication. Everything in it can be wiped.
 */
export class Bn254 {
  readonly ops: Bn254Ops;
  /** Addresses of the generators, affine. */
  readonly g1: number;
  readonly g2: number;
  private readonly memory: WebAssembly.Memory;

  private constructor(memory: WebAssembly.Memory, ops: Bn254Ops, g1: number, g2: number) {
    this.memory = memory;
    this.ops = ops;
    this.g1 = g1;
    this.g2 = g2;
  }

  static async create(): Promise<Bn254> {
    const { module, pG1gen, pG2gen } = await loadMachine();
    const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    return new Bn254(memory, instance.exports as unknown as Bn254Ops, pG1gen, pG2gen);
  }

  /** The memory's bytes at an address. Views die when memory grows: fetch them anew after `allocate`. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  words(): Uint32Array {
    return new Uint32Array(this.memory.buffer);
  }

  /** Zeroed memory, aligned to 64 bytes, until `release` or `wipe`. */
  allocate(length: number): number {
    const address = (this.words()[0]! + 63) & ~63;
    const needed = address + length + SCRATCH_BYTES - this.memory.buffer.byteLength;
    if (needed > 0) this.memory.grow(Math.ceil(needed / PAGE));
    this.words()[0] = address + length;
    this.bytes(address, length).fill(0);
    return address;
  }

  /** Room for batch functions on up to this many bytes of input. */
  reserveScratch(length: number): void {
    const mark = this.mark();
    this.allocate(length);
    this.release(mark);
  }

  /** Everything allocated after `mark` is given back by `release(mark)`. */
  mark(): number {
    return this.words()[0]!;
  }

  release(mark: number): void {
    this.words()[0] = mark;
  }

  /** Writes a public value into the scalar field, in Montgomery form. */
  setScalar(address: number, value: bigint): void {
    const reduced = ((value % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;
    const view = new DataView(this.memory.buffer, address, ELEMENT_BYTES);
    for (let i = 0; i < 4; i += 1)
      view.setBigUint64(8 * i, BigInt.asUintN(64, reduced >> BigInt(64 * i)), true);
    this.ops.frm_toMontgomery!(address, address);
  }

  /** Overwrites the whole memory, secrets included. Nothing can be computed afterwards. */
  wipe(): void {
    new Uint8Array(this.memory.buffer).fill(0);
  }
}

interface Machine {
  readonly module: WebAssembly.Module;
  readonly pG1gen: number;
  readonly pG2gen: number;
}

let machine: Promise<Machine> | undefined;

/** Assembling the module takes 0.2 s: once a process. */
function loadMachine(): Promise<Machine> {
  machine ??= assemble();
  return machine;
}

/** A single-threaded ffjavascript curve holds the assembled module's bytes; the curve itself is not kept. */
async function assemble(): Promise<Machine> {
  const { tm } = (await buildBn128(true)) as { tm: { code: BufferSource; pG1gen: number; pG2gen: number } };
  return { module: await WebAssembly.compile(tm.code), pG1gen: tm.pG1gen, pG2gen: tm.pG2gen };
}
