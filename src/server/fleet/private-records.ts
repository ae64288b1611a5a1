import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SealedRecord } from '../serve/store/answer-store.ts';
import type { InputsKey, Locked } from './inputs-key.ts';

/** Encrypts private records of one log, each bound to its place there. */
export class PrivateRecords {
  readonly #key: InputsKey;
  readonly #origin: string;

  constructor({ key, origin }: { readonly key: InputsKey; readonly origin: string }) {
    [this.#key, this.#origin] = [key, origin];
  }

  lock(record: SealedRecord): Locked {
    return this.#key.lock(deflateRawSync(JSON.stringify(record)), this.#about(record.index));
  }

  /** @throws QP6574 */
  unlock({ index, key_id: keyId, private: bytes }: PrivateRow): SealedRecord {
    const text = inflateRawSync(this.#key.unlock({ keyId, bytes }, this.#about(Number(index))));
    return JSON.parse(text.toString()) as SealedRecord;
  }

  #about(index: number): string {
    return `${this.#origin} ${index}`;
  }
}

/** A private record in its table. */
export interface PrivateRow {
  readonly index: string;
  readonly key_id: string;
  readonly private: Buffer;
}
