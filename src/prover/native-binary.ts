import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { sha256 } from '../data/sha256.ts';
import { NATIVE_INTERFACE, type NativeBinding } from './native-binding.ts';

/** The result of looking for the native prover. */
export type NativeProver =
  | { readonly state: 'ready'; readonly binding: NativeBinding; readonly file: string }
  /** Not built, which is normal. */
  | { readonly state: 'absent'; readonly reason: string }
  /** Present but unusable, which deserves a warning. */
  | { readonly state: 'broken'; readonly reason: string };

/** Path of a binary to use instead of searching for one. */
export const BINARY_VARIABLE = 'QUIETPROOF_NATIVE';

const require = createRequire(import.meta.url);
let found: NativeProver | undefined;

/** Key of the environment data that tells worker threads which binary their parent has loaded. */
const LOADED_BINARY = 'quietproof native prover';

/** The native prover of this machine. Searched for once; worker threads use the binary of their parent. */
export function nativeProver(): NativeProver {
  if (found !== undefined) return found;
  const loaded = getEnvironmentData(LOADED_BINARY);
  found = typeof loaded === 'string' ? open(loaded, NATIVE_INTERFACE) : findBinary();
  if (found.state === 'ready') setEnvironmentData(LOADED_BINARY, found.file);
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

/** Builds that may run here, named like Rust's targets. On Linux, the C library is found out by trying. */
function buildNames(): string[] {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') return [`${name}-gnu`, `${name}-musl`];
  return [process.platform === 'win32' ? `${name}-msvc` : name];
}

/** In the repository, where `npm run build:native` puts it, or in the package for this platform. */
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
 * The system's loader trusts the lengths in the file's header, and a signal kills the process if they are wrong, e.g.
 * for a truncated file. So the digest recorded at build time is compared first.
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
 * Uses `dlopen` instead of `require`, because `require` reads the file again, whereas the system's loader returns what
 * the process has already loaded. So all threads of a batch run the same binary, even if it is replaced or removed
 * meanwhile.
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

/** Build record that native/build.mjs writes next to the binary. */
interface BuildNote {
  readonly interface?: unknown;
  readonly sha256?: unknown;
}

function readNote(file: string): BuildNote {
  const binary = readFileSync(file);
  const noteFile = file.replace(/\.node$/, '.json');
  if (!existsSync(noteFile)) throw new Error(`${path.basename(noteFile)} is missing next to it`);
  const note = JSON.parse(readFileSync(noteFile, 'utf8')) as BuildNote;
  if (note.sha256 !== sha256(binary))
    throw new Error('it was changed after it was built: its digest differs');
  return note;
}

function requireInterface(number: unknown, expected: number): void {
  if (number === expected) return;
  const theirs = typeof number === 'number' ? `interface ${number}` : 'no interface number';
  throw new Error(`it has ${theirs}, but interface ${expected} is required`);
}
