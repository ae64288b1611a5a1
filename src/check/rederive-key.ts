import { randomBytes } from 'node:crypto';
import { keyId, type ModelRecord } from '@quietproof/verify';
import type { DerivedCircuit } from '../circuit/derive-circuit.ts';
import { witnessCalculator } from '../circuit/witness-calculator.ts';
import { planWitness } from '../circuit/witness-plan.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { R1cs } from '../formats/r1cs.ts';
import { readZkey } from '../formats/zkey.ts';
import { ceremonySetup } from '../setup/ceremony-setup.ts';
import { checkSetupBehaviour } from '../setup/check-behaviour.ts';
import { checkKey, stateOf } from '../setup/check-key.ts';
import { contributionRecords } from '../setup/contributions.ts';
import { checkBelongs, checkImportedKey } from '../setup/import-key.ts';
import { verificationKeyOf } from '../setup/key-points.ts';
import { readKeyFile } from '../setup/setup-files.ts';
import type { Link } from './rederivation.ts';
import { sampleRows } from './sample-rows.ts';

export interface KeyFiles {
  readonly zkey?: string;
  readonly ptau?: string;
}

/** The circuit as it was derived again. */
export interface RederivedCircuit {
  readonly r1cs: R1cs;
  readonly r1csBytes: Uint8Array;
  readonly circuit: DerivedCircuit;
  readonly sym: string;
}

/** Random witnesses that a development key is tried on. */
const WITNESSES = 16;

/**
 * From the r1cs to the verification key: the zkey is for this r1cs; it continues the key that this r1cs and this
 * phase-1 file start from, by the contributions it lists; and the verification key is the zkey's.
 */
export async function keyLinks(
  derived: RederivedCircuit,
  record: ModelRecord | undefined,
  files: KeyFiles,
): Promise<Link[]> {
  if (record === undefined) return [missing('verification key', 'there is no key yet: run quietproof setup')];
  if (files.zkey === undefined) {
    return [missing('key', 'a verification key alone never shows its circuit: give --zkey and --ptau')];
  }
  const file = files.zkey;
  const links: Link[] = [];
  try {
    const bytes = await readKeyFile(file);
    const zkey = readZkey(bytes, file);
    checkBelongs(zkey, derived.r1cs, file);
    links.push({
      link: 'key',
      status: 'same',
      what: 'the zkey holds this r1cs, coefficient for coefficient',
    });
    if (record.setup.kind === 'development') links.push(await testedKey(derived, bytes, file));
    else links.push(...(await ceremonyLinks(derived, bytes, record, files)));
    const own = keyId(verificationKeyOf(zkey));
    const same = own === record.ids.keyId;
    links.push({
      link: 'verification key',
      status: same ? 'same' : 'differs',
      what: same ? own : `the zkey's is ${own}, claimed is ${record.ids.keyId}`,
    });
  } catch (error) {
    if (!(error instanceof QuietproofError)) throw error;
    links.push({ link: 'key', status: 'differs', what: `${error.code} ${error.what}` });
  }
  return links;
}

function missing(link: string, what: string): Link {
  return { link, status: 'missing', what };
}

/** Nothing shows how a development key was made: its maker can forge, and its points are only tried. */
async function testedKey(derived: RederivedCircuit, bytes: Uint8Array, file: string): Promise<Link> {
  const { circuit, sym, r1cs } = derived;
  const key = await checkKey(readZkey(bytes, file), 'ready', file);
  const calculator = witnessCalculator(circuit, planWitness(circuit.sources, sym, r1cs.nWires));
  const rows = sampleRows(circuit.graph, WITNESSES);
  const salt = circuit.digest === undefined ? null : BigInt(`0x${randomBytes(16).toString('hex')}`);
  const witness = (k: number) => calculator.calculate(rows[k % rows.length]!, salt, BigInt(k)).witness;
  const { summary } = await checkSetupBehaviour(bytes, key, witness, { count: WITNESSES });
  return { link: 'ceremony', status: 'tested', what: `development key: ${summary}` };
}

async function ceremonyLinks(
  { r1cs, r1csBytes }: RederivedCircuit,
  bytes: Uint8Array,
  record: ModelRecord,
  { zkey: file, ptau }: KeyFiles,
): Promise<Link[]> {
  if (ptau === undefined) return [missing('ceremony', 'give --ptau, the phase-1 file it started from')];
  const reference = await ceremonySetup(r1cs, r1csBytes, ptau);
  const zkey = await checkImportedKey(bytes, r1cs, reference.zkey, file!);
  await checkKey(zkey, stateOf({ kind: 'ceremony', contributions: contributionRecords(zkey) }), file!);
  const contributions = contributionRecords(zkey);
  const listed = contributions.map(
    ({ name, kind, hash }) => `${name || 'unnamed'} (${kind}, ${hash.slice(0, 16)}…)`,
  );
  const same = JSON.stringify(contributions) === JSON.stringify(record.setup.contributions);
  return [
    { link: 'ceremony', status: 'same', what: `continues phase 1: ${reference.ptau.name}` },
    {
      link: 'contributions',
      status: same ? 'same' : 'differs',
      what: same ? listed.join(', ') : 'the zkey lists others than are claimed',
    },
  ];
}
