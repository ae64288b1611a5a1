import type { PreparedKey } from '../key/prepared-key.ts';
import type { ShownChain } from '../transcript/check-transcript.ts';
import type { AnyModelRecord } from '../versions/any-version.ts';
import { checkSetup } from '../versions/check-setup.ts';
import type { Checklist } from './checklist.ts';

const DEVELOPMENT = 'This is a development key: its maker can forge proofs';
const UNSHOWN =
  'The contributors are a claim of the producer: the transcript of the ceremony was not checked';

/**
 * The model id covers the setup record, but the record is the producer's claim. A transcript shows a part of it and
 * never enough for the check to pass: forging under a key with chosen α, β or IC needs no secret of its contributions.
 *
 * @returns what the transcript shows
 */
export function examineSetup(
  list: Checklist,
  model: AnyModelRecord,
  key: PreparedKey,
): ShownChain | undefined {
  const chain = list.run('setup', '', () => checkSetup(model, key));
  if (list.status('setup') === 'fail') return undefined;
  if (model.setup.kind === 'development') list.skip('setup', DEVELOPMENT);
  else if (model.version === 'quietproof/model/v1') list.skip('setup', UNSHOWN);
  else list.claim('setup', chain === undefined ? UNSHOWN : sentence(chain));
  return chain;
}

function sentence({ contributions, beacons, phase1 }: ShownChain): string {
  const shown = [
    `each of ${count(contributions, 'contribution')} proves that its secret was known`,
    ...(beacons === 0 ? [] : [`${count(beacons, 'beacon')} made from the bytes given`]),
    "together they give this key's delta",
    ...(phase1 === undefined ? [] : [`alpha and beta are those of ${phase1}`]),
  ].join(', ');
  const notShown =
    'that the rest of the key belongs to this circuit and phase 1, who contributed, that anyone forgot a secret';
  return `Shown: ${shown}. Not shown: ${notShown}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
