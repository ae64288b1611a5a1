// Builds the native prover and puts it where the package looks: quietproof-native.<build>.node, and a note beside it of
// what was built. Run by `npm run build:native`; needs Rust.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const NEEDED = readFileSync(path.join(HERE, 'rust-toolchain.toml'), 'utf8').match(/channel = "(.+)"/)[1];

const host = /^host: (.+)$/m.exec(run('rustc', ['-vV']))?.[1];
const library = build();
const target = path.join(HERE, `quietproof-native.${buildName(host)}.node`);
place(library, target);
const found = tryOut(target);
note(target, found);
console.log(
  `${path.relative(process.cwd(), target)}: version ${found.version}, ${found.engine} on this machine`,
);

/** @returns the shared library that cargo made, wherever it is told to put things */
function build() {
  const words = ['build', '--release', '--locked', '-p', 'quietproof-native'];
  const messages = run('cargo', [...words, '--message-format=json-render-diagnostics'])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const made = messages.find(
    ({ reason, target }) => reason === 'compiler-artifact' && target.name === 'quietproof_native',
  );
  return made.filenames.find((file) => /\.(so|dylib|dll)$/.test(file));
}

/** Rust's name of the target as napi-rs and npm name it: x86_64-unknown-linux-gnu is linux-x64-gnu. */
function buildName(triple) {
  const [architecture, ...rest] = triple.split('-');
  const arch = { x86_64: 'x64', aarch64: 'arm64' }[architecture] ?? architecture;
  if (rest.includes('darwin')) return `darwin-${arch}`;
  if (rest.includes('windows')) return `win32-${arch}-${rest.at(-1)}`;
  return `${rest.at(-2)}-${arch}-${rest.at(-1)}`;
}

/** A process that runs has the old binary mapped: it must not be written over, only replaced. */
function place(library, target) {
  copyFileSync(library, `${target}.tmp`);
  renameSync(`${target}.tmp`, target);
}

/** Loads the binary in a process of its own. @returns what it says of itself */
function tryOut(file) {
  const script = `const { interfaceNumber, version, engine } = require(${JSON.stringify(file)});
    console.log(JSON.stringify({ interface: interfaceNumber(), version: version(), engine: engine() }))`;
  return JSON.parse(run(process.execPath, ['-e', script]));
}

/** The digest is compared before the binary is loaded: see src/prove/native-binary.ts. */
function note(file, { interface: number, version }) {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const text = JSON.stringify({ interface: number, version, sha256 }, null, 2);
  writeFileSync(file.replace(/\.node$/, '.json'), `${text}\n`);
}

/** @returns what the program printed; it may say more on stderr */
function run(program, words) {
  const { error, status, stdout } = spawnSync(program, words, {
    cwd: HERE,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error?.code === 'ENOENT') giveUp(`${program} is not installed`);
  if (error !== undefined) throw error;
  if (status !== 0) giveUp(`${program} ${words[0]} failed, see above`);
  return stdout;
}

function giveUp(reason) {
  console.error(`The native prover was not built: ${reason}.
It needs Rust 1.89 or later, and is tested with ${NEEDED}: rustup (https://rustup.rs) fetches that version by itself.
Everything works without it, with snarkjs.`);
  process.exit(1);
}
