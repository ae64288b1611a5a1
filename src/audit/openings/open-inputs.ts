import type { Hex } from '@quietproof/verify';
import { INPUT_MODES } from '@quietproof/verify';
import type { ExpectedModel } from '@quietproof/verify/command/model-records';
import type { PreparedModels } from '@quietproof/verify/command/prepared-models';
import { loadChecker } from '@quietproof/verify/command/proof-checker';
import type { CheckedEntry } from '../checks/check-records.ts';
import type { AuditedLog, OpeningSample } from '../findings/findings-types.ts';
import type { Gathering } from '../findings/gather.ts';
import type { AuditSource } from '../sources/audit-source.ts';
import { OpeningChecks, type OpeningResult } from './check-openings.ts';
import { drawnFrom, drawSample } from './draw-sample.ts';
import { OpeningFiles } from './opening-files.ts';
import { type OpeningsAsked, SAMPLE_RECORDS } from './openings-asked.ts';

interface InputParts {
  readonly sources: readonly AuditSource[];
  readonly models: readonly ExpectedModel[];
  /** URL of a module whose `proofChecker()` gives a faster `ProofChecker`, or undefined. */
  readonly checker?: string;
  readonly prepared: PreparedModels;
}

/** Opens the inputs of records: of all while they are checked, or of a sample once they were. */
export class OpenInputs {
  readonly #asked: OpeningsAsked;
  readonly #sources: readonly AuditSource[];
  readonly #files: OpeningFiles;
  readonly #checks: OpeningChecks;

  private constructor(
    asked: OpeningsAsked,
    sources: readonly AuditSource[],
    files: OpeningFiles,
    checks: OpeningChecks,
  ) {
    [this.#asked, this.#sources, this.#files, this.#checks] = [asked, sources, files, checks];
  }

  /** @throws QP6602, QP6604, QP6605; QP1002 for a path that does not exist */
  static async start(
    asked: OpeningsAsked | undefined,
    { checker: url, ...parts }: InputParts,
  ): Promise<OpenInputs | undefined> {
    if (asked === undefined) return undefined;
    const files = await OpeningFiles.open(parts.sources, asked.folders ?? []);
    const checker = await loadChecker(url);
    const checks = new OpeningChecks({ ...parts, files, ...(checker !== undefined && { checker }) });
    return new OpenInputs(asked, parts.sources, files, checks);
  }

  /** @returns undefined for a record whose input is not to be opened now */
  async ofRecord({ entry, result }: CheckedEntry): Promise<OpeningResult | undefined> {
    const mode = result?.verdict.model?.input;
    const hasOpening = mode === undefined || INPUT_MODES[mode].salted;
    if (this.#asked.which !== 'all' || !hasOpening || result?.standing.result !== 'accepted')
      return undefined;
    const { source, path } = entry;
    return this.#checks.check({ source, path, identity: result.verdict.identity }, await entry.read());
  }

  /**
   * Draws the sample once all records were taken, and opens it.
   *
   * @param logs with their final checkpoints
   * @returns undefined if no sample is asked
   * @throws QP6605 if a beacon decides and its round is not there
   */
  async sample(logs: readonly AuditedLog[], gathering: Gathering): Promise<OpeningSample | undefined> {
    const { which, count = SAMPLE_RECORDS, ...chance } = this.#asked;
    if (which !== 'sample') return undefined;
    const from = await drawnFrom(logs, chance);
    const { drawn, of } = drawSample(gathering.openable(), from.seed, count);
    const opened = await this.#open(drawn.map((one) => ({ ...one, ...gathering.places.at(one.place) })));
    return { ...from, of, drawn: gathering.opened.addDrawn(opened) };
  }

  /** Archives are gone through once more: of a packed one, nothing can be read before its turn. */
  async #open<One extends Drawn>(
    drawn: readonly One[],
  ): Promise<(One & { readonly result: OpeningResult })[]> {
    const results = new Map<One, OpeningResult>();
    for (const [index, source] of this.#sources.entries()) {
      const wanted = new Map(drawn.filter((one) => one.source === index).map((one) => [one.path, one]));
      if (wanted.size === 0) continue;
      for await (const entry of source.entries()) {
        const one = entry.isRecord ? wanted.get(entry.path) : undefined;
        if (one === undefined) continue;
        // Of two files with one path the first was taken.
        wanted.delete(entry.path);
        results.set(one, await this.#checks.check(one, await entry.read()));
        if (wanted.size === 0) break;
      }
    }
    const gone = {
      found: 'fails',
      code: undefined,
      detail: 'the record is gone since it was audited',
    } as const;
    return drawn.map((one) => ({ ...one, result: results.get(one) ?? gone }));
  }

  async close(): Promise<void> {
    await this.#files.close();
  }
}

interface Drawn {
  readonly source: number;
  readonly path: string;
  readonly identity: Hex;
}
