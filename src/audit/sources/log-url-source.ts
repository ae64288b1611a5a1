import { MAX_RECEIPT } from '@quietproof/verify';
import { fetchLogFile } from '../../log/examine/log-reader.ts';
import type { AuditSource, FoundEntry, FoundEvidence, ReadFile } from './audit-source.ts';
import { EvidenceList } from './found-entries.ts';

/** Names a checkpoint and its timestamp in each line: static files cannot be listed otherwise. */
const LIST = 'timestamp/list';
const CHECKPOINT = /^\d{1,16}\/checkpoint$/;
const TIMESTAMP = /^\d{1,16}\/[\w.-]{1,128}\.tsr$/;

/** A log as an endpoint serves it, with the timestamps that it lists. It has no records. */
export class LogUrlSource implements AuditSource {
  readonly kind = 'log';
  readonly name: string;
  readonly #evidence = new EvidenceList();

  /** @param url of its prefix */
  constructor(url: string) {
    this.name = url;
    this.#evidence.logs.add('');
  }

  get evidence(): FoundEvidence {
    return this.#evidence;
  }

  /** Finds out what there is of timestamps. @throws QP6540 if the log cannot be reached */
  async count(): Promise<number> {
    this.#evidence.clear();
    this.#evidence.logs.add('');
    this.#evidence.add('checkpoint');
    const list = await this.#fetch(LIST);
    const lines = new TextDecoder().decode(list ?? new Uint8Array()).split('\n');
    const files = new Set(lines.flatMap(filesIn));
    for (const file of files) this.#evidence.add(`timestamp/${file}`);
    return 0;
  }

  async *entries(): AsyncGenerator<FoundEntry> {}

  /** @throws QP6540 if the log cannot be reached */
  file(inSource: string): Promise<ReadFile | undefined> {
    return this.#fetch(inSource);
  }

  #fetch(name: string): Promise<Uint8Array | undefined> {
    return fetchLogFile(`${this.name.replace(/\/+$/, '')}/${name}`, MAX_RECEIPT);
  }

  async close(): Promise<void> {}
}

/** What a line of the list names; nothing in it is believed. */
function filesIn(line: string): string[] {
  try {
    const { checkpoint, timestamp } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const isOne =
      typeof checkpoint === 'string' && typeof timestamp === 'string' && CHECKPOINT.test(checkpoint);
    return isOne && TIMESTAMP.test(timestamp) ? [checkpoint, timestamp] : [];
  } catch {
    return [];
  }
}
