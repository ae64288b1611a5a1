// Builds the native prover and installs it where the package looks for it: quietproof-native.<build>.node, with a JSON
// note that describes it. Run by `npm run build:native`; needs Rust.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const RUST_VERSION = readFileSync(path.join(HERE, 'rust-toolchain.toml'), 'utf8').match(
  /channel = "(.+)"/,
)[1];

const host = /^host: (.+)$/m.exec(run('rustc', ['-vV']))?.[1];
const library = build();
const binary = path.join(HERE, `quietproof-native.${buildName(host)}.node`);
install(library, binary);
const exported = load(binary);
writeNote(binary, exported);
console.log(
  `${path.relative(process.cwd(), binary)}: version ${exported.version}, ${exported.engine} on this machine`,
);

/** @returns path of the shared library, which depends on cargo's configuration */
function build() {
  const args = ['build', '--release', '--locked', '-p', 'quietproof-native'];
  const messages = run('cargo', [...args, '--message-format=json-render-diagnostics'])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const artifact = messages.find(
    ({ reason, target }) => reason === 'compiler-artifact' && target.name === 'quietproof_native',
  );
  return artifact.filenames.find((file) => /\.(so|dylib|dll)$/.test(file));
}

/** Converts a Rust target to napi-rs's and npm's name: x86_64-unknown-linux-gnu is linux-x64-gnu. */
function buildName(triple) {
  const [architecture, ...rest] = triple.split('-');
  const arch = { x86_64: 'x64', aarch64: 'arm64' }[architecture] ?? architecture;
  if (rest.includes('darwin')) return `darwin-${arch}`;
  if (rest.includes('windows')) return `win32-${arch}-${rest.at(-1)}`;
  return `${rest.at(-2)}-${arch}-${rest.at(-1)}`;
}

/** A running process may have the old binary mapped, so it must be replaced, not overwritten. */
function install(library, binary) {
  copyFileSync(library, `${binary}.tmp`);
  renameSync(`${binary}.tmp`, binary);
}

/** Loads the binary in a separate process. @returns its interface number, version and engine */
function load(file) {
  const script = `const { interfaceNumber, version, engine } = require(${JSON.stringify(file)});
    console.log(JSON.stringify({ interface: interfaceNumber(), version: version(), engine: engine() }))`;
  return JSON.parse(run(process.execPath, ['-e', script]));
}

/** The digest is checked before the binary is loaded: see src/prover/native-binary.ts. */
function writeNote(file, { interface: number, version }) {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const text = JSON.stringify({ interface: number, version, sha256 }, null, 2);
  writeFileSync(file.replace(/\.node$/, '.json'), `${text}\n`);
}

/** @returns the program's stdout; stderr is passed through */
function run(program, args) {
  const { error, status, stdout } = spawnSync(program, args, {
    cwd: HERE,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error?.code === 'ENOENT') fail(`${program} is not installed`);
  if (error !== undefined) throw error;
  if (status !== 0) fail(`${program} ${args[0]} failed, see above`);
  return stdout;
}

function fail(reason) {
  console.error(`The native prover was not built: ${reason}.
It needs Rust 1.89 or later, and is tested with ${RUST_VERSION}: rustup (https://rustup.rs) installs that version.
Everything works without it, with snarkjs.`);
  process.exit(1);
}
