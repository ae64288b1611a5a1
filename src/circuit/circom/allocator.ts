/** sha256 of the WebAssembly file that the addresses below belong to: circom2@0.2.23. */
const CIRCOM_WASM = '96fc92a93768f38979db6c2bac4b1aa9fc7d66742121a63d4c4792d5b4037162';

/**
 * Where that file keeps the parameters of its allocator (dlmalloc's `mparams`), in its memory: six numbers of 32 bits.
 * It fills them in when it first allocates, unless the first of them is not 0 by then.
 */
const PARAMETERS_AT = 4704892;
const PAGE_BYTES = 65_536;
const NEVER = 0xffff_ffff;
const STEP_BYTES = 2 ** 24;
/** Any number but 0, page size, step, thresholds of mmap and trim, flags. */
const PARAMETERS = [1, PAGE_BYTES, STEP_BYTES, NEVER, NEVER, 0] as const;

/**
 * A module that Node imports before circom's own: it lets circom's memory grow by 16 MiB at a time instead of 64 KiB.
 * Each time that it grows costs V8 a third of a millisecond, and a garbage collection every few times: a third of the time
 * of a LeNet, 6,000 steps. The compiler's code stays as it was published. Another file than the known one is left alone.
 */
export const ALLOCATOR_MODULE = `
import { createHash } from 'node:crypto';
const compile = WebAssembly.compile;
const instantiate = WebAssembly.instantiate;
const known = new WeakSet();
WebAssembly.compile = async (bytes) => {
  const module = await compile(bytes);
  if (createHash('sha256').update(bytes).digest('hex') === '${CIRCOM_WASM}') known.add(module);
  return module;
};
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  if (known.has(module)) {
    const memory = new DataView(instance.exports.memory.buffer);
    ${JSON.stringify(PARAMETERS)}.forEach((own, i) => memory.setUint32(${PARAMETERS_AT} + 4 * i, own, true));
  }
  return instance;
};
`;

/** Whether a file of circom is the one whose allocator is known. */
export function isKnownCircom(sha256: string): boolean {
  return sha256 === CIRCOM_WASM;
}
