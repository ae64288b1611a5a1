import {
  type AnyBundle,
  bundleInReceipt,
  isReceipt,
  type ManyItem,
  type PreparedKey,
  type ProofChecker,
  parseAnyBundle,
  Refusal,
  type Verdict,
  verifyMany,
} from '@quietproof/verify';
import { type ExpectedModel, ModelRecords } from '@quietproof/verify/command/model-records';
import type { AuditSource, FoundEntry } from '../sources/audit-source.ts';
import type { AuditTrust } from './audit-trust.ts';
import { type SealedPlace, sealedPlace } from './sealed-place.ts';
import { isRefusedByPolicy, type Standing, standingByItself, standingByPolicy } from './standing.ts';

/** An entry of a source. */
export interface SourceEntry extends FoundEntry {
  /** Index of its source. */
  readonly source: number;
}

export interface CheckedRecord {
  readonly entry: SourceEntry;
  readonly item: ManyItem;
  readonly standing: Standing;
  /** Of a record that holds by itself it has the answers, whether it is accepted or not. */
  readonly verdict: Verdict;
  /** Of a record that holds by itself. */
  readonly held?: {
    readonly bundle: AnyBundle;
    readonly place: SealedPlace | undefined;
    /** What the auditor's parties say of its model, and whether that is what the trust file asks for. */
    readonly asked: Verdict;
  };
}

export interface CheckOptions {
  readonly trust?: AuditTrust;
  /** Records have to be of one of them; none: of any model. */
  readonly models: readonly ExpectedModel[];
  readonly sources: readonly AuditSource[];
  readonly checker?: ProofChecker;
}

/** Records per batch: enough to share final exponentiations. */
const BATCH = 128;
/** Bytes per batch: a folder of files at the limit must not fill the memory. */
const BATCH_BYTES = 1 << 22;

/** Checks records one batch after the other, in order. @throws the error of the system where it says nothing about a file */
export async function* checkRecords(
  entries: readonly SourceEntry[],
  options: CheckOptions,
): AsyncGenerator<CheckedRecord> {
  const checker = new BatchChecker(options);
  let batch: { entry: SourceEntry; item: ManyItem }[] = [];
  let bytes = 0;
  for (const entry of entries.filter(({ isRecord }) => isRecord)) {
    const item = await checker.read(entry);
    batch.push({ entry, item });
    bytes += item.source instanceof Refusal ? 0 : item.source.length;
    if (batch.length < BATCH && bytes < BATCH_BYTES) continue;
    yield* checker.check(batch);
    batch = [];
    bytes = 0;
  }
  yield* checker.check(batch);
}

class BatchChecker {
  readonly #options: CheckOptions;
  /** By source. */
  readonly #records: readonly ModelRecords[];
  readonly #keys = new Map<string, PreparedKey>();

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#records = options.sources.map(
      (source) => new ModelRecords(undefined, options.models, (file) => source.file(file)),
    );
  }

  async read(entry: SourceEntry): Promise<ManyItem> {
    const source = await entry.read();
    const companion = await this.#records[entry.source]!.of(entry.path, source);
    return { source, ...(companion !== undefined && { companion }) };
  }

  check(batch: readonly { readonly entry: SourceEntry; readonly item: ManyItem }[]): CheckedRecord[] {
    const { trust, models, checker } = this.#options;
    const shared = { anyModel: true, keys: this.#keys, ...(checker !== undefined && { checker }) };
    const items = batch.map(({ item }) => item);
    const asked = verifyMany(items, {
      ...shared,
      ...(trust !== undefined && { trust: trust.vouching }),
      ...(models.length > 0 && { model: models.map(({ modelId }) => modelId) }),
    });
    // A setup that nobody can vouch for keeps the proof from being checked: it is checked without expectations.
    const again = [...asked.keys()].filter((at) => isRefusedByPolicy(asked[at] as Verdict));
    const plain = verifyMany(
      again.map((at) => items[at] as ManyItem),
      shared,
    );
    const own = new Map(again.map((at, index) => [at, plain[index] as Verdict]));
    return batch.map((one, at) => this.#judge(one, asked[at] as Verdict, own.get(at)));
  }

  /** @param plain its verdict without the auditor's expectations, if these speak against it */
  #judge(
    { entry, item }: { readonly entry: SourceEntry; readonly item: ManyItem },
    asked: Verdict,
    plain: Verdict | undefined,
  ): CheckedRecord {
    const verdict = plain ?? asked;
    if (!verdict.accepted || item.source instanceof Refusal) {
      return { entry, item, standing: standingByItself(verdict), verdict };
    }
    const { trust } = this.#options;
    const { source } = item;
    const bundle = parseAnyBundle(isReceipt(source) ? bundleInReceipt(source) : source);
    const log = (origin: string) => trust?.vouching.log(origin);
    const place = sealedPlace(bundle, verdict, { log, now: trust?.now ?? 0 });
    const standing: Standing =
      plain === undefined ? { result: 'accepted' } : standingByPolicy(asked, place, trust);
    return { entry, item, standing, verdict, held: { bundle, place, asked } };
  }
}
