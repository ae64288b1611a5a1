import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MODULE = 'github.com/ethereum/go-ethereum@v1.17.10';
const CHECKSUM = 'h1:b3WO+xux3pItpm13kqT5Xddv01zOxBFZxQgk/Ate4/M=';

/** Folder of the module's vectors; undefined if Go is not installed or the download fails. */
function findModule(): string | undefined {
  const { stdout, status } = spawnSync('go', ['mod', 'download', '-json', MODULE], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (Sum !== CHECKSUM) throw new Error(`${MODULE} has the checksum ${Sum}, not ${CHECKSUM}`);
  return path.join(Dir, 'core/vm/testdata/precompiles');
}

/** Folder of go-ethereum's vectors for the precompiles; undefined, with a warning, where they cannot be had, but not in CI. */
export function precompileVectors(): string | undefined {
  const folder = findModule();
  if (folder !== undefined) return folder;
  const what = `go-ethereum's vectors are not available: \`go mod download ${MODULE}\` failed`;
  if (process.env.CI !== undefined) throw new Error(what);
  console.warn(`${what}; skipped`);
  return undefined;
}
