import type { WatchRecord, WatchStore } from './watch-store.ts';

const RECORDS = 'records';

/** Keeps records in a database of the browser, under a name per watch. */
export class IndexedDbStore implements WatchStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** @throws DOMException if the browser refuses, e.g. in a private window */
  static async open(name: string): Promise<IndexedDbStore> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(RECORDS, { autoIncrement: true });
    };
    return new IndexedDbStore(await resultOf(opening));
  }

  append(records: readonly WatchRecord[]): Promise<void> {
    return this.#write(records, (store) => store);
  }

  async *read(): AsyncGenerator<WatchRecord> {
    const store = this.#database.transaction(RECORDS, 'readonly').objectStore(RECORDS);
    // By ascending key: in the order in which they were added.
    yield* await resultOf(store.getAll() as IDBRequest<WatchRecord[]>);
  }

  rewrite(records: readonly WatchRecord[]): Promise<void> {
    return this.#write(records, (store) => {
      store.clear();
      return store;
    });
  }

  /** In one transaction: all of it, or nothing. */
  #write(records: readonly WatchRecord[], begin: (store: IDBObjectStore) => IDBObjectStore): Promise<void> {
    const transaction = this.#database.transaction(RECORDS, 'readwrite', { durability: 'strict' });
    const store = begin(transaction.objectStore(RECORDS));
    for (const record of records) store.add(record);
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  close(): void {
    this.#database.close();
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
