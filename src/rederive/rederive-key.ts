import { randomBytes } from 'node:crypto';
import {
  type CeremonySetup,
  canonicalJson,
  keyId,
  type Phase1,
  saltFor,
  UNRECOGNISED,
} from '@quietproof/verify';
import { checkCeremonyKey } from '../ceremony/check-ceremony-key.ts';
import { ceremonyRecord } from '../ceremony/transcript.ts';
import { sampleRows } from '../check/sample-rows.ts';
import type { DerivedCircuit } from '../circuit/derive-circuit.ts';
import { witnessCalculator } from '../circuit/witness-calculator.ts';
import { planWitness } from '../circuit/witness-plan.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { R1cs } from '../formats/r1cs.ts';
import { readZkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import { checkKey } from '../key/check-key.ts';
import { verificationKeyOf } from '../key/key-points.ts';
import { checkSetupBehaviour } from '../setup/check-behaviour.ts';
import { keyCheckerFor } from '../setup/key-checker-for.ts';
import { preparerFor } from '../setup/preparer.ts';
import { readKeyFile } from '../setup/setup-files.ts';
import { type Claimed, recordLinks } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

export interface KeyFiles {
  readonly zkey?: string;
  readonly ptau?: string;
}

/** The circuit, derived again. */
export interface RederivedCircuit {
  readonly r1cs: R1cs;
  readonly r1csBytes: Uint8Array;
  readonly circuit: DerivedCircuit;
  readonly sym: string;
}

/** Number of random witnesses with which a development key is tested. */
const WITNESSES = 16;

/**
 * Follows the chain from the r1cs to the verification key. The zkey must be for this r1cs. It must continue, by the
 * contributions it lists, the key that this r1cs and this phase-1 file give. The verification key must be that of the
 * zkey. A file that does not match breaks a link.
 *
 * @throws QuietproofError QP1002 if a given file cannot be read
 */
export async function keyLinks(
  derived: RederivedCircuit,
  claimed: Claimed,
  files: KeyFiles,
): Promise<Link[]> {
  const { record } = claimed;
  if (record === undefined) return [missing('verification key', 'there is no key yet: run quietproof setup')];
  const { zkey: file } = files;
  if (file === undefined) {
    const what = 'a verification key alone does not show its circuit: give --zkey and --ptau';
    return [...recordLinks(claimed), missing('key', what)];
  }
  const links: Link[] = [];
  const follow = async (link: string, step: () => Promise<Link[]>) => {
    if (links.some(({ status }) => status === 'differs')) return;
    links.push(...(await step().catch((error: unknown) => [brokenBy(error, link)])));
  };
  const bytes = await readKeyFile(file);
  await follow('key', async () => {
    checkBelongs(readZkey(bytes, file), derived.r1cs, file);
    return [same('key', 'the zkey holds this r1cs, coefficient for coefficient')];
  });
  await follow('model record', async () => recordLinks(claimed));
  await follow('ceremony', async () =>
    record.setup.kind === 'development'
      ? [await testedKey(derived, bytes, file)]
      : ceremonyLinks(derived, bytes, record.setup, file, files.ptau),
  );
  await follow('verification key', async () => {
    const derivedId = keyId(verificationKeyOf(readZkey(bytes, file)));
    const claimedId = record.ids.keyId;
    if (derivedId === claimedId) return [same('verification key', derivedId)];
    return [differs('verification key', `that of the zkey is ${derivedId}, claimed ${claimedId}`)];
  });
  return links;
}

/** An error in a file's content breaks the link that needs the file. A missing file says nothing about a claim. */
function brokenBy(error: unknown, link: string): Link {
  if (!(error instanceof QuietproofError) || error.code === 'QP1002') throw error;
  return differs(link, `${error.code} ${error.what}`);
}

function same(link: string, what: string): Link {
  return { link, status: 'same', what };
}

function differs(link: string, what: string): Link {
  return { link, status: 'differs', what };
}

function missing(link: string, what: string): Link {
  return { link, status: 'missing', what };
}

/** Nothing shows how a development key was made, and its maker can forge. The key can only be tested. */
async function testedKey(derived: RederivedCircuit, bytes: Uint8Array, file: string): Promise<Link> {
  const { circuit, sym, r1cs } = derived;
  const key = await checkKey(readZkey(bytes, file), 'ready', file, keyCheckerFor(file));
  const calculator = witnessCalculator(circuit, planWitness(circuit.sources, sym, r1cs.nWires));
  const rows = sampleRows(circuit.graph, WITNESSES);
  const salt = saltFor(circuit.graph.statement.input, () => BigInt(`0x${randomBytes(16).toString('hex')}`));
  const witness = (k: number) => calculator.calculate(rows[k % rows.length]!, salt, BigInt(k)).witness;
  const { summary } = await checkSetupBehaviour(bytes, key, witness, { count: WITNESSES });
  return { link: 'ceremony', status: 'tested', what: `development key: ${summary}` };
}

async function ceremonyLinks(
  { r1cs, r1csBytes }: RederivedCircuit,
  bytes: Uint8Array,
  setup: Pick<CeremonySetup, 'ptau' | 'contributions' | 'transcript'>,
  file: string,
  ptau: string | undefined,
): Promise<Link[]> {
  if (ptau === undefined) return [missing('ceremony', 'give --ptau, the phase-1 file that it started from')];
  const { zkey, phase1 } = await checkCeremonyKey(
    { key: bytes, file, r1cs, r1csBytes, ptau },
    keyCheckerFor(file),
    {},
    preparerFor(),
  );
  const { record } = ceremonyRecord(zkey, setup.ptau);
  const { contributions, transcript } = record;
  const links = [same('ceremony', `continues phase 1: ${phase1.name}`), phase1Link(phase1, setup)];
  if (canonicalJson(contributions) !== canonicalJson(setup.contributions)) {
    return [...links, differs('contributions', 'the zkey lists others than claimed')];
  }
  const listed = contributions.map(
    ({ name, kind, hash }) => `${name || 'unnamed'} (${kind}, ${hash.slice(0, 16)}…)`,
  );
  links.push(same('contributions', listed.join(', ')));
  if (setup.transcript !== undefined) {
    links.push(
      transcript === setup.transcript
        ? same('transcript', transcript)
        : differs('transcript', `that of the zkey is ${transcript}, claimed ${setup.transcript}`),
    );
  }
  return [...links, CONTRIBUTORS];
}

/** A contributor's name in a key is text that anyone can write. */
export const CONTRIBUTORS: Link = {
  link: 'contributors',
  status: 'unchecked',
  what: 'names are not checked; a contributor can publish the hash of the contribution',
  reservation: 'who contributed is not checked',
};

/** A key can continue more than one phase-1 file of a ceremony. The record must name the one that was given. */
function phase1Link(ptau: Phase1, { ptau: claimed }: Pick<CeremonySetup, 'ptau'>): Link {
  if (claimed === undefined || (claimed.blake2b === ptau.blake2b && claimed.name === ptau.name)) {
    const unnamed = claimed === undefined ? 'the record names no phase-1 file; the key continues ' : '';
    const what = `${unnamed}${ptau.blake2b.slice(0, 16)}…, ${ptau.name}`;
    if (ptau.name !== UNRECOGNISED) return same('phase 1', what);
    const reservation = 'its phase 1 is unrecognised: anyone who knows its secret can forge';
    return { link: 'phase 1', status: 'taken', what, reservation };
  }
  return differs('phase 1', `the record claims ${claimed.name} (${claimed.blake2b.slice(0, 16)}…)`);
}
