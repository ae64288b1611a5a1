import { MAX_RECEIPT } from '@quietproof/verify';
import { fetchLogFile } from '../../log/examine/log-reader.ts';
import type { AuditSource, FoundEntry, ReadFile } from './audit-source.ts';

/** A log as an endpoint serves it. It has no records. */
export class LogUrlSource implements AuditSource {
  readonly kind = 'log';
  readonly name: string;
  readonly evidence = { checkpoints: ['checkpoint'], timestamps: [] };

  /** @param url of its prefix */
  constructor(url: string) {
    this.name = url;
  }

  async *entries(): AsyncGenerator<FoundEntry> {}

  /** @throws QP6540 if the log cannot be reached */
  file(inSource: string): Promise<ReadFile | undefined> {
    return fetchLogFile(`${this.name.replace(/\/+$/, '')}/${inSource}`, MAX_RECEIPT);
  }

  async close(): Promise<void> {}
}
