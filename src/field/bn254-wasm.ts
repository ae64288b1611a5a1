import { buildBn128 } from 'ffjavascript';
import { ELEMENT_BYTES, SCALAR_FIELD } from './bn254.ts';

/** A function of the WebAssembly module. All parameters are addresses or counts. */
type Op = (...args: number[]) => number;

/** Exports of the module. f1m and f2m: base field and its extension; frm: scalar field; all in Montgomery form. */
export interface Bn254Ops {
  readonly [name: string]: Op;
}

const PAGE = 65_536;
/** Memory that ffjavascript reserves for the module's data: MEM_SIZE in its threadman.js. */
const INITIAL_PAGES = 25;
/** Minimum of scratch memory above the free pointer, which batch functions use without allocating it. */
const SCRATCH_BYTES = 4 * 2 ** 20;

/**
 * BN254 arithmetic in WebAssembly with a #memory, which can be wiped. Runs ffjavascript's code (wasmcurves)
 * without its thread pool: synchronous calls on addresses, 75 ns per multiplication.
 */
export class Bn254 {
  readonly ops: Bn254Ops;
  /** Addresses of the generators, affine. */
  readonly g1: number;
  readonly g2: number;
  readonly #memory: WebAssembly.Memory;

  private constructor(memory: WebAssembly.Memory, ops: Bn254Ops, g1: number, g2: number) {
    this.#memory = memory;
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

  /** The bytes at an address. `allocate` may grow the memory, which detaches earlier views. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  words(): Uint32Array {
    return new Uint32Array(this.#memory.buffer);
  }

  /** Zeroed memory, aligned to 64 bytes, until `release` or `wipe`. */
  allocate(length: number): number {
    const address = (this.words()[0]! + 63) & ~63;
    const needed = address + length + SCRATCH_BYTES - this.#memory.buffer.byteLength;
    if (needed > 0) this.#memory.grow(Math.ceil(needed / PAGE));
    this.words()[0] = address + length;
    this.bytes(address, length).fill(0);
    return address;
  }

  /** Reserves scratch memory for batch functions on up to this many bytes of input. */
  reserveScratch(length: number): void {
    const mark = this.mark();
    this.allocate(length);
    this.release(mark);
  }

  /** `release(mark)` frees everything allocated after `mark`. */
  mark(): number {
    return this.words()[0]!;
  }

  release(mark: number): void {
    this.words()[0] = mark;
  }

  /** Writes a public value as a scalar in Montgomery form. */
  setScalar(address: number, value: bigint): void {
    const reduced = ((value % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;
    const view = new DataView(this.#memory.buffer, address, ELEMENT_BYTES);
    for (let i = 0; i < 4; i += 1)
      view.setBigUint64(8 * i, BigInt.asUintN(64, reduced >> BigInt(64 * i)), true);
    this.ops.frm_toMontgomery!(address, address);
  }

  /** Overwrites the whole memory, including secrets. The instance is unusable afterwards. */
  wipe(): void {
    new Uint8Array(this.#memory.buffer).fill(0);
  }
}

interface Machine {
  readonly module: WebAssembly.Module;
  readonly pG1gen: number;
  readonly pG2gen: number;
}

let machine: Promise<Machine> | undefined;

/** Cached per process, since assembling the module takes 0.2 s. */
function loadMachine(): Promise<Machine> {
  machine ??= assemble();
  return machine;
}

/** Takes the assembled module from a single-threaded ffjavascript curve, which is then dropped. */
async function assemble(): Promise<Machine> {
  const { tm } = (await buildBn128(true)) as { tm: { code: BufferSource; pG1gen: number; pG2gen: number } };
  return { module: await WebAssembly.compile(tm.code), pG1gen: tm.pG1gen, pG2gen: tm.pG2gen };
}
