import { decodeBase64 } from '../json/base64.ts';
import { Refusal } from '../refusal.ts';
import { parseTranscript } from '../transcript/read-transcript.ts';
import { TRANSCRIPT_TYPE, type Transcript } from '../transcript/transcript-types.ts';
import type { Vouched } from '../trust/match-statement.ts';
import type { GivenStatement } from '../trust/open-statements.ts';
import { ENVELOPE_TYPE } from '../trust/statement-types.ts';
import type { Vouching } from '../trust/vouching.ts';
import type { TrustFinding } from '../trust/vouching-types.ts';
import type { ModelRecordV2 } from '../v2/record-types.ts';
import type { AnyModelRecord } from '../versions/any-version.ts';

/** Of each trust file, what it says of the records that were asked for: thin bundles share theirs. */
const known = new WeakMap<Vouching, WeakMap<AnyModelRecord, TrustFinding>>();

/**
 * What the statements say of a record whose ids and sidecars have been checked. It counts for nothing unless the chain of
 * the transcript holds.
 */
export function vouchedFor(model: AnyModelRecord, trust: Vouching): TrustFinding {
  const found = known.get(trust) ?? new WeakMap<AnyModelRecord, TrustFinding>();
  known.set(trust, found);
  const before = found.get(model);
  if (before !== undefined) return before;
  const finding = trust.examine(
    vouchedOf(model),
    model.version === 'quietproof/model/v1' ? [] : carriedBy(model),
  );
  found.set(model, finding);
  return finding;
}

function vouchedOf(model: AnyModelRecord): Vouched {
  const { ids, manifest, setup } = model;
  const transcript = model.version === 'quietproof/model/v1' ? undefined : transcriptOf(model);
  const ceremony = setup.kind === 'ceremony' ? setup : undefined;
  return {
    ids,
    source: manifest.chain.source,
    contributions: ceremony?.contributions ?? [],
    ...(ceremony?.ptau !== undefined && { ptau: ceremony.ptau }),
    ...(transcript !== undefined && { transcript }),
  };
}

/** Undefined where it cannot be read: then the check `setup` fails. */
function transcriptOf({ sidecars }: ModelRecordV2): Transcript | undefined {
  const sidecar = sidecars?.transcript;
  if (sidecar?.type !== TRANSCRIPT_TYPE) return undefined;
  try {
    return parseTranscript(decodeBase64(sidecar.content));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Statements among the record's own attestations. */
function carriedBy({ sidecars }: ModelRecordV2): GivenStatement[] {
  return (sidecars?.attestations ?? []).flatMap(({ type, content }, index) =>
    type === ENVELOPE_TYPE
      ? [{ name: `model.sidecars.attestations[${index}]`, content: decodeBase64(content) }]
      : [],
  );
}
