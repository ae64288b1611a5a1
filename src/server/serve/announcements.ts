import { isDeepStrictEqual } from 'node:util';
import {
  ENTRY_VERSION,
  entryText,
  type ModelEntry,
  type ProvingPolicy,
  readLogEntry,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ServedModel } from './endpoint.ts';
import type { RecordWriter } from './record-writer.ts';
import type { AnnouncedRecord } from './store/answer-store.ts';

/** As many as an entry can name. */
const MOST_RETIRED = 32;

/** A model that was announced in the log. */
export interface AnnouncedModel extends Pick<ModelEntry, 'modelId' | 'name' | 'modelVersion' | 'policy'> {
  readonly artifactDir: string;
  /** When it was announced first. */
  readonly since: number;
  readonly retired: boolean;
  /** Policies, each with the index of the entry from which on it holds. */
  readonly policies: readonly { readonly from: number; readonly policy: ProvingPolicy }[];
}

/** What the log says about which models answer, and where their artifacts are. */
export class Announcements {
  readonly #models = new Map<string, AnnouncedModel>();

  get(modelId: string): AnnouncedModel | undefined {
    return this.#models.get(modelId);
  }

  all(): Iterable<AnnouncedModel> {
    return this.#models.values();
  }

  /** Repeats one, in the order of the log. */
  replay({ entry: text, artifactDir, index: from }: AnnouncedRecord): void {
    const entry = readLogEntry(text);
    if (entry.kind !== 'model') return;
    const { modelId, name, modelVersion, policy, time, retires = [] } = entry;
    const { since = time, policies: before = [] } = this.#models.get(modelId) ?? {};
    const policies = [...before, { from, policy }];
    const own = { modelId, name, modelVersion, policy, policies, artifactDir, since };
    this.#models.set(modelId, { ...own, retired: false });
    for (const id of retires) {
      const found = this.#models.get(id);
      if (found !== undefined) this.#models.set(id, { ...found, retired: true });
    }
  }

  /** Whether the log says that this model answers, under this name and policy. */
  isKnown({ modelId, name, version, policy }: Omit<ServedModel, 'since'>): boolean {
    const found = this.#models.get(modelId);
    if (found === undefined || found.retired) return false;
    return found.name === name && found.modelVersion === version && isDeepStrictEqual(found.policy, policy);
  }

  /** Announces a model durably, and that others answer no longer. */
  async announce(
    writer: RecordWriter,
    model: Omit<ServedModel, 'since'>,
    retires: readonly string[],
  ): Promise<void> {
    const { modelId, name, version: modelVersion, policy, artifactDir } = model;
    for (let at = 0; at === 0 || at < retires.length; at += MOST_RETIRED) {
      const ids = retires.slice(at, at + MOST_RETIRED);
      const { record } = await writer.entry(({ index, time }): AnnouncedRecord => {
        const own = {
          version: ENTRY_VERSION,
          kind: 'model',
          time,
          modelId,
          name,
          modelVersion,
          policy,
        } as const;
        const entry = entryText({ ...own, ...(ids.length > 0 && { retires: ids }) });
        return { kind: 'announced', modelId, index, time, entry, artifactDir };
      });
      this.replay(record);
    }
  }

  /** The policy under which an answer was given. */
  policyOf({ modelId, index }: { readonly modelId: string; readonly index: number }): ProvingPolicy {
    const { policies, policy } = this.require(modelId);
    return policies.findLast(({ from }) => from < index)?.policy ?? policy;
  }

  /** Seconds for which answers of a model are kept: the longest that any of them was promised. */
  retentionOf(modelId: string): number {
    return Math.max(...this.require(modelId).policies.map(({ policy }) => policy.retention));
  }

  /** @throws QP6554 where the store has answers of a model that was never announced */
  require(modelId: string): AnnouncedModel {
    const found = this.#models.get(modelId);
    if (found !== undefined) return found;
    throw new QuietproofError('QP6554', {
      what: `There are answers of a model that was not announced: ${modelId}`,
    });
  }
}
