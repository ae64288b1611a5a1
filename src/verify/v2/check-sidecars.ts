import { decodeBase64 } from '../json/base64.ts';
import type { Hex } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import { sidecarDigest } from './ids.ts';
import type { ModelRecordV2 } from './record-types.ts';
import type { BundleSidecars, ModelSidecars, Sidecar, SidecarSubject } from './sidecar-types.ts';

/** A sidecar with its path in the object that contains it, e.g. `sidecars.attestations[0]`. */
export interface PlacedSidecar {
  readonly path: string;
  readonly place: keyof typeof PLACES;
  readonly sidecar: Sidecar;
}

/** Digests of the possible subjects of an object's sidecars, except other sidecars. */
type Subjects = { readonly [S in Exclude<SidecarSubject, 'sidecar'>]?: Hex | undefined };

/** Allowed subjects per place. A sidecar cannot be about a subject whose digest its object lacks. */
const PLACES = {
  transcript: ['key'],
  logProof: ['statement'],
  attestations: ['model', 'key', 'transcript', 'statement', 'sidecar'],
  timestamps: ['model', 'key', 'transcript', 'statement', 'sidecar'],
} as const satisfies Readonly<Record<string, readonly SidecarSubject[]>>;

/** All sidecars of an object, in order. */
export function placedSidecars(
  sidecars: (ModelSidecars & BundleSidecars) | undefined,
): readonly PlacedSidecar[] {
  if (sidecars === undefined) return [];
  return (Object.keys(PLACES) as (keyof typeof PLACES)[]).flatMap((place) => {
    const found = sidecars[place];
    if (found === undefined) return [];
    if (isOne(found)) return [{ path: `sidecars.${place}`, place, sidecar: found }];
    return found.map((sidecar, index) => ({ path: `sidecars.${place}[${index}]`, place, sidecar }));
  });
}

/** Sidecars of a model record. The model id fixes the transcript, although it is a sidecar. @throws Refusal QP7208 */
export function checkModelSidecars({ ids, setup, sidecars }: ModelRecordV2): void {
  const transcript = setup.kind === 'ceremony' ? setup.transcript : undefined;
  const digests = checkSidecars(placedSidecars(sidecars), 'model.', {
    model: ids.modelId,
    key: ids.keyId,
    transcript,
  });
  const carried = sidecars?.transcript && digests.get(sidecars.transcript);
  if (carried !== undefined && carried !== transcript) {
    throw new Refusal('QP7208', {
      what: 'The transcript is not the one named by the setup',
      where: 'model.sidecars.transcript',
    });
  }
}

/** Sidecars of a bundle. @throws Refusal QP7208 */
export function checkBundleSidecars(sidecars: BundleSidecars | undefined, statement: Hex): void {
  checkSidecars(placedSidecars(sidecars), '', { statement });
}

function checkSidecars(
  placed: readonly PlacedSidecar[],
  at: string,
  subjects: Subjects,
): ReadonlyMap<Sidecar, Hex> {
  const digests = new Map(
    placed.map(({ sidecar, path }) => [sidecar, digestOf(sidecar, `${at}${path}.content`)]),
  );
  for (const { sidecar, place, path } of placed) {
    const { what, sha256 } = sidecar.about;
    const admitted = (PLACES[place] as readonly SidecarSubject[]).includes(what);
    const bound =
      what === 'sidecar'
        ? placed.some((other) => other.sidecar !== sidecar && digests.get(other.sidecar) === sha256)
        : subjects[what] === sha256;
    if (!admitted || !bound) throw new Refusal('QP7208', { where: `${at}${path}.about` });
  }
  return digests;
}

function digestOf({ content }: Sidecar, where: string): Hex {
  return sidecarDigest(decodeBase64(content, { code: 'QP7208', name: 'The content of a sidecar', where }));
}

function isOne(found: Sidecar | readonly Sidecar[]): found is Sidecar {
  return !Array.isArray(found);
}
