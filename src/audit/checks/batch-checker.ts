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
import { PreparedModels } from '@quietproof/verify/command/prepared-models';
import { auditedQuality } from '../findings/model-tally.ts';
import { answerWords, labelOf } from './answer-words.ts';
import { AnsweredInputs } from './answered-inputs.ts';
import type { AuditTrust } from './audit-trust.ts';
import type { AskedOfModel, CheckResult, RecordVerdict } from './checked-record.ts';
import { type RecordBatch, receivedFile } from './record-batch.ts';
import { sealedPlace } from './sealed-place.ts';
import { isRefusedByPolicy, type Standing, standingByItself, standingByPolicy } from './standing.ts';

export interface CheckOptions {
  readonly trust?: AuditTrust;
  /** Records have to be of one of them; none: of any model. */
  readonly models: readonly Pick<ExpectedModel, 'modelId' | 'record' | 'source'>[];
  readonly checker?: ProofChecker;
  /** Shared with what else reads the same folders. */
  readonly prepared?: PreparedModels;
}

/** Records that bring a key of their own each must not fill the memory with prepared ones. */
const MOST_KEYS = 64;

/** Checks batches of records of any sources: in a thread of its own, or where the audit runs. */
export class BatchChecker {
  readonly #options: CheckOptions;
  /** By source. */
  readonly #records = new Map<number, ModelRecords>();
  readonly #keys = new Map<string, PreparedKey>();
  readonly #prepared: PreparedModels;
  readonly #answered = new AnsweredInputs();
  #batch: RecordBatch = { records: [], models: [] };

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#prepared = options.prepared ?? new PreparedModels();
  }

  /** One batch after the other. @returns a result for each record, in order */
  async check(batch: RecordBatch): Promise<CheckResult[]> {
    this.#batch = batch;
    if (this.#keys.size > MOST_KEYS) this.#keys.clear();
    const items: ManyItem[] = [];
    for (const { source: index, path, content } of batch.records) {
      const source = receivedFile(content);
      const companion = await this.#recordsOf(index).of(path, source);
      items.push({ source, ...(companion !== undefined && { companion }) });
    }
    return this.#verify(items);
  }

  #recordsOf(source: number): ModelRecords {
    const known = this.#records.get(source);
    if (known !== undefined) return known;
    const read = async (file: string) => {
      const found = this.#batch.models.find((one) => one.source === source && one.path === file);
      return found && receivedFile(found.content);
    };
    const made = new ModelRecords(undefined, this.#options.models, read, this.#prepared);
    this.#records.set(source, made);
    return made;
  }

  #verify(items: readonly ManyItem[]): CheckResult[] {
    const { trust, models, checker } = this.#options;
    const shared = { anyModel: true, keys: this.#keys, ...(checker !== undefined && { checker }) };
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
    return items.map((item, at) => this.#judge(item, asked[at] as Verdict, own.get(at)));
  }

  /** @param plain its verdict without the auditor's expectations, if these speak against it */
  #judge(item: ManyItem, asked: Verdict, plain: Verdict | undefined): CheckResult {
    const found = plain ?? asked;
    const verdict = keptOf(found);
    const { source } = item;
    if (!found.accepted || source instanceof Refusal) {
      return { standing: standingByItself(found), verdict };
    }
    const bundle: AnyBundle = parseAnyBundle(isReceipt(source) ? bundleInReceipt(source) : source);
    const { trust } = this.#options;
    const log = (origin: string) => trust?.vouching.log(origin);
    const place = sealedPlace(bundle, found, { log, now: trust?.now ?? 0 });
    const answered = this.#answered.of(found, bundle, item.companion);
    const standing: Standing =
      plain === undefined ? { result: 'accepted' } : standingByPolicy(asked, place, trust);
    return {
      standing,
      verdict,
      held: {
        asked: askedOf(asked),
        context: bundle.publicSignals.at(-1) as string,
        ...(place !== undefined && { place }),
        ...(answered !== undefined && { answered }),
      },
    };
  }
}

function keptOf(verdict: Verdict): RecordVerdict {
  const {
    valid,
    identity,
    recordId,
    statementDigest,
    leaf,
    contextId,
    row,
    model,
    quality,
    answers = [],
  } = verdict;
  const label = answers.map(({ answer }) => labelOf(answer)).find((one) => one !== undefined);
  return {
    valid,
    words: answerWords(verdict),
    ...(identity !== undefined && { identity }),
    ...(recordId !== undefined && { recordId }),
    ...(statementDigest !== undefined && { statementDigest }),
    ...(leaf !== undefined && { leaf }),
    ...(contextId !== undefined && { contextId }),
    ...(row !== undefined && { row }),
    ...(model !== undefined && { model }),
    ...(label !== undefined && { label }),
    ...(quality !== undefined && { quality: auditedQuality(quality) }),
  };
}

function askedOf({ checks, trust }: Verdict): AskedOfModel {
  const setupHolds = checks.some(({ id, status }) => id === 'setup' && status === 'pass');
  return { setupHolds, ...(trust !== undefined && { trust }) };
}
