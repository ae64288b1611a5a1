import { readFile } from 'node:fs/promises';
import { type MemoryTarget, zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import { checkAgainstFirst, checkCeremonyKey } from '../../src/ceremony/check-ceremony-key.ts';
import { type Contributor, snarkjsContributor } from '../../src/ceremony/contribute.ts';
import type { KeyPreparer } from '../../src/ceremony/key-preparer.ts';
import { snarkjsPreparer } from '../../src/ceremony/snarkjs-preparer.ts';
import { QuietproofError } from '../../src/errors/quietproof-error.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import type { KeyChecker } from '../../src/key/key-checker.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { wasmKeyChecker } from '../../src/key/wasm-key-checker.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import { nativeKeyChecker } from '../../src/setup/key-checker-for.ts';
import { nativePreparer } from '../../src/setup/preparer.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';
import { keyMutants } from './support/key-mutants.ts';

const COUNT = Number(process.env.KEY_MUTANTS ?? 24);
const SEED = 18;
const BEACON = { hash: Buffer.from('00112233', 'hex'), iterationsExponent: 10 };

const native = nativeProver();
const checkers: Array<readonly [name: string, checker: KeyChecker, preparer: KeyPreparer]> = [
  ['WebAssembly', wasmKeyChecker, snarkjsPreparer],
];
if (native.state === 'ready') {
  const { binding } = native;
  checkers.push(['native', nativeKeyChecker(binding, 'key'), nativePreparer(binding)]);
}
const r1csBytes = networkLikeR1cs(2, 4, 2, 1);
const r1cs = readR1cs(r1csBytes);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptau: string;
/** Before anybody contributed, after two contributions, after a beacon. */
let stages: readonly Uint8Array[];
let foreign: Uint8Array;

beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 4);
  stages = await ceremony(ptau, native.state === 'ready');
  const other = await temporaryFolder();
  foreign = (await ceremony(await makePtau(other.path, 4), false)).at(-1)!;
  await other.remove();
});
afterAll(async () => {
  await folder.remove();
  await release();
});

async function ceremony(phase1: string, natively: boolean): Promise<Uint8Array[]> {
  const initial = (await ceremonySetup(r1cs, r1csBytes, phase1)).zkey;
  const contributor: Contributor =
    natively && native.state === 'ready'
      ? (before, name) => native.binding.contribute(before, name, undefined, 2)
      : snarkjsContributor;
  const contributed = await contributor(await contributor(initial, 'Ada'), 'Bea');
  if (natively && native.state === 'ready') {
    return [initial, contributed, await native.binding.contribute(contributed, 'last', BEACON, 2)];
  }
  const to: MemoryTarget = { type: 'mem', data: new Uint8Array() };
  const hex = BEACON.hash.toString('hex');
  await withCurve(() => zKey.beacon(contributed, to, 'last', hex, BEACON.iterationsExponent));
  return [initial, contributed, to.data!];
}

describe.each(checkers)('the check of a whole key (%s)', (_, checker, preparer) => {
  it('accepts every stage of a ceremony', async () => {
    for (const [i, key] of stages.entries()) {
      const files = { key, file: 'key', r1cs, r1csBytes, ptau };
      const checked = await checkCeremonyKey(files, checker, {}, preparer);
      expect(checked.state).toBe(i === 0 ? 'awaiting contribution' : 'ready');
      expect(checked.phase1.name).toBe('unrecognised');
    }
  });
});

it('snarkjs accepts them too', async () => {
  const phase1 = new Uint8Array(await readFile(ptau));
  for (const key of stages) {
    expect(await withCurve(() => zKey.verifyFromR1cs(r1csBytes, phase1, key))).toBe(true);
  }
});

it(`${COUNT} mutants are refused by the check that should refuse them, natively as in WebAssembly`, async () => {
  const first = { zkey: stages[0]! };
  const verdictOf = async (key: Uint8Array, checker: KeyChecker) => {
    try {
      await checkAgainstFirst({ key, file: 'key', r1cs }, async () => first, checker);
      return 'accepted';
    } catch (error) {
      if (!(error instanceof QuietproofError)) throw error;
      return `${error.code} ${error.what}`;
    }
  };
  for (const { name, bytes, refusal } of keyMutants({ honest: stages.at(-1)!, foreign }, COUNT, SEED)) {
    const verdicts = new Set<string>();
    for (const [, checker] of checkers) {
      const used = recordingUse(checker);
      verdicts.add(await verdictOf(bytes, used.checker));
      // What is refused before a checker is asked is refused by the same code whichever it is.
      if (!used.wasAsked()) break;
    }
    expect([...verdicts], name).toEqual([expect.stringMatching(refusal)]);
  }
});

function recordingUse(checker: KeyChecker): { checker: KeyChecker; wasAsked: () => boolean } {
  let asked = false;
  const recorded: KeyChecker = {
    findFaultyPoint: (key) => {
      asked = true;
      return checker.findFaultyPoint(key);
    },
    findUndivided: (before, after) => {
      asked = true;
      return checker.findUndivided(before, after);
    },
  };
  return { checker: recorded, wasAsked: () => asked };
}
