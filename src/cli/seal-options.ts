import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FleetSealOptions, SealOptions } from '../server/http/open-app.ts';
import { shareOfPercent } from './arguments.ts';
import { readAuthorities, readWitnesses } from './log-services.ts';
import { loadServer } from './server-package.ts';

/** Words about sealing. Times in seconds. */
export interface SealWords {
  readonly state?: string;
  readonly database?: string;
  readonly inputsKey?: string;
  readonly origin?: string;
  readonly logKey?: string;
  readonly prove: string;
  readonly beacon?: string;
  readonly within: number;
  readonly retention: number;
  readonly longestWait: number;
  readonly witness: readonly string[];
  readonly timestamp: readonly string[];
  readonly timestampEvery: number;
}

type Policy = SealOptions['policy'];

/** Seconds from an answer to the round that may draw it: longer than clocks differ and answers take. */
const DRAW_DELAY = 30;

/** @throws QP6591 for what is missing or too much; QP7910, QP1002 (the key, certificates), QP6557 (the beacon), QP6574 */
export async function sealOptions(words: SealWords): Promise<SealOptions | FleetSealOptions> {
  const { state, database, origin, logKey, longestWait, timestampEvery } = words;
  const isWhole =
    origin !== undefined && logKey !== undefined && (state === undefined) !== (database === undefined);
  if (!isWhole) throw contradiction('--seal log needs --origin, --log-key, and --state or --database');
  const { readSigningKey } = await import('../sign/signing-key.ts');
  const { private: key } = await readSigningKey(logKey);
  const beacon = words.beacon === undefined ? undefined : await openBeacon(words.beacon);
  const policy = policyOf(words, beacon?.chain.hash);
  const witnesses = await readWitnesses(words.witness);
  const authorities = await readAuthorities(words.timestamp);
  const services = { witnesses, authorities, timestampEvery };
  const common = { origin, key, policy, longestWait, ...services, ...(beacon && { beacons: [beacon] }) };
  if (state === undefined) return { ...common, ...(await fleetWords(words)) };
  if (words.inputsKey !== undefined) throw contradiction('--inputs-key goes with --database');
  return { ...common, folder: state };
}

async function fleetWords({ database, inputsKey }: SealWords) {
  if (inputsKey === undefined) throw contradiction('--database needs --inputs-key');
  const { InputsKey } = await import('../server/fleet/inputs-key.ts');
  return { database: database!, inputsKey: await InputsKey.read(inputsKey) };
}

function policyOf({ prove, within, retention }: SealWords, beacon: string | undefined): Policy {
  const isSample = prove.startsWith('sample:');
  if (beacon !== undefined && !isSample) throw contradiction('--beacon draws a sample: --prove sample:1%');
  if (prove === 'all' || prove === 'on-demand') return { prove, within, retention };
  const share = isSample ? shareOfPercent(prove.slice('sample:'.length)) : undefined;
  if (share === undefined) throw contradiction('--prove is all, on-demand, or a sample like sample:1%');
  const sample = { share, delay: DRAW_DELAY, ...(beacon !== undefined && { beacon }) };
  return { prove: 'sample', sample, within, retention };
}

/** @param address URL of a node, ending in the hash of a chain. @throws QP6591, QP6557; Refusal QP7750, QP7012 */
export async function openBeacon(address: string) {
  const [, url, chain] = /^(https?:\/\/.+)\/([0-9a-f]{64})$/.exec(address) ?? [];
  if (url === undefined || chain === undefined) {
    throw contradiction('--beacon is the URL of a node of drand, ending in the hash of a chain');
  }
  const { BeaconClient } = await loadServer(() => import('../server/serve/beacon-client.ts'));
  return BeaconClient.open({ url, chain });
}

function contradiction(what: string): QuietproofError {
  return new QuietproofError('QP6591', { what });
}
