import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { sha256 } from '../data/sha256.ts';
import { NATIVE_INTERFACE, type NativeBinding } from './native-binding.ts';

/** What became of looking for the native prover. */
export type NativeProver =
  | { readonly state: 'ready'; readonly binding: NativeBinding; readonly file: string }
  /** Not built, which is nothing unusual. */
  | { readonly state: 'absent'; readonly reason: string }
  /** There, and of no use: worth a warning. */
  | { readonly state: 'broken'; readonly reason: string };

/** Names a binary, instead of the one that is looked for. */
export const BINARY_VARIABLE = 'QUIETPROOF_NATIVE';

const require = createRequire(import.meta.url);
let found: NativeProver | undefined;

/** Tells threads which binary the thread that started them has loaded. */
const LOADED = 'quietproof native prover';

/** The native prover of this machine: looked for once. Threads take the one of whoever started them. */
export function nativeProver(): NativeProver {
  if (found !== undefined) return found;
  const loaded = getEnvironmentData(LOADED);
  found = typeof loaded === 'string' ? open(loaded, NATIVE_INTERFACE) : findBinary();
  if (found.state === 'ready') setEnvironmentData(LOADED, found.file);
  return found;
}

function findBinary(): NativeProver {
  const named = process.env[BINARY_VARIABLE];
  if (named) return loadBinary(path.resolve(named));
  const builds = buildNames();
  const file = builds.flatMap(placesOf).find((place) => existsSync(place));
  if (file !== undefined) return loadBinary(file);
  return { state: 'absent', reason: `it is not built for ${builds[0]}` };
}

/** Builds that may run here, named as Rust's targets are; which C library a Linux has is seen by trying. */
function buildNames(): string[] {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') return [`${name}-gnu`, `${name}-musl`];
  return [process.platform === 'win32' ? `${name}-msvc` : name];
}

/** In the repository by path, as `npm run build:native` leaves it; else from the package for this platform. */
function placesOf(build: string): string[] {
  const name = `quietproof-native.${build}.node`;
  const built = fileURLToPath(new URL(`../../native/${name}`, import.meta.url));
  try {
    return [built, require.resolve(`@quietproof/native-${build}/${name}`)];
  } catch {
    return [built];
  }
}

/**
 * Loads a binary into this process.
 *
 * The system's loader trusts what a file's header says of its length, and the process dies by a signal where that is
 * wrong. So the digest that was noted when the binary was built is compared first.
 */
export function loadBinary(file: string, expected = NATIVE_INTERFACE): NativeProver {
  try {
    requireInterface(readNote(file).interface, expected);
    return open(file, expected);
  } catch (error) {
    return broken(file, error);
  }
}

/**
 * Not by `require`, which looks at the file: what this process has loaded already, the system's loader gives again
 * without. So a binary may be replaced or removed while a batch runs, and all threads of it run the same.
 */
function open(file: string, expected: number): NativeProver {
  try {
    const addon = { exports: {} as Partial<NativeBinding> };
    process.dlopen(addon, file);
    requireInterface(addon.exports.interfaceNumber?.(), expected);
    return { state: 'ready', binding: addon.exports as NativeBinding, file };
  } catch (error) {
    return broken(file, error);
  }
}

function broken(file: string, error: unknown): NativeProver {
  const why = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return { state: 'broken', reason: `${path.basename(file)}: ${why}` };
}

/** Written beside the binary by native/build.mjs. */
interface BuildNote {
  readonly interface?: unknown;
  readonly sha256?: unknown;
}

function readNote(file: string): BuildNote {
  const binary = readFileSync(file);
  const noteFile = file.replace(/\.node$/, '.json');
  if (!existsSync(noteFile)) throw new Error(`${path.basename(noteFile)} is missing beside it`);
  const note = JSON.parse(readFileSync(noteFile, 'utf8')) as BuildNote;
  if (note.sha256 !== sha256(binary)) throw new Error('it is not as it was built: its digest differs');
  return note;
}

function requireInterface(number: unknown, expected: number): void {
  if (number === expected) return;
  const theirs = typeof number === 'number' ? `interface ${number}` : 'no interface number';
  throw new Error(`it has ${theirs}, and interface ${expected} is needed`);
}
