import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  bundleInReceipt,
  type FileContent,
  isReceipt,
  modelNamedBy,
  type PreparedModel,
  parseAnyBundle,
  prepareModel,
  Refusal,
} from '../index.ts';
import { PreparedModels } from './prepared-models.ts';
import { isStdin, readFound, readNamed } from './read-source.ts';
import { UsageError } from './usage-error.ts';

export const MODEL_FILE = 'model.json';

/** A model that the user expects. */
export interface ExpectedModel {
  /** As the user gave it. */
  readonly given: string;
  readonly modelId: string;
  /** Missing where only the id was given. */
  readonly record?: PreparedModel;
  /** The file that the record was read from. */
  readonly source?: Uint8Array;
}

const ID_DIGITS = 64;
const MODEL_ID = /^[0-9a-f]{64}$/;

/**
 * The model that a user names: by its id of 64 hex digits, or by an artifact, a folder of proofs, or a model.json.
 *
 * @throws UsageError; a Refusal if the record would be refused; the error of the system
 */
export async function expectedModel(given: string): Promise<ExpectedModel> {
  const written = given.toLowerCase();
  if (MODEL_ID.test(written)) return { given, modelId: written };
  if (!isStdin(given) && !(await exists(given))) throw notAModel(given);
  const folder = !isStdin(given) && (await stat(given)).isDirectory();
  const source = await readNamed(folder ? path.join(given, MODEL_FILE) : given);
  const record = prepareModel(source);
  return { given, modelId: record.ids.modelId, record, source };
}

/** There is no such path, so an id may have been meant. */
function notAModel(given: string): UsageError {
  const fix = 'Copy the whole id, or pass the artifact folder';
  const digits = given.replace(/(…|\.{3})$/, '');
  if (/^[0-9a-f]{6,}$/i.test(digits)) {
    const size = digits.length < ID_DIGITS ? 'short' : 'long';
    const what = `The model id is too ${size}: ${digits.length} of ${ID_DIGITS} characters`;
    return new UsageError('QP1003', { what, where: given, fix });
  }
  if (/^[0-9a-z]{64}$/i.test(given)) {
    return new UsageError('QP1003', {
      what: 'A model id has only the characters 0-9 and a-f',
      where: given,
      fix,
    });
  }
  const what = 'There is no such file or folder, and it is not a model id';
  return new UsageError('QP1002', { what, where: given, fix: 'Pass an artifact, its model.json, or its id' });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The id alone. */
export async function modelIdOf(given: string): Promise<string> {
  return (await expectedModel(given)).modelId;
}

type ExpectedRecord = Pick<ExpectedModel, 'record' | 'source'>;
type Companion = PreparedModel | FileContent | undefined;
/** Reads a file beside a bundle; undefined if there is none. */
export type ReadBeside = (file: string) => Promise<Uint8Array | Refusal | undefined>;

/** Folders whose records are kept prepared, which costs a few MB each. */
const MAX_KEPT = 16;

/** The records of thin bundles: the one that the user gave, else model.json beside the bundle, else an expected model's. */
export class ModelRecords {
  readonly #given: Companion;
  readonly #expected: readonly ExpectedRecord[];
  readonly #beside = new Map<string, Promise<Companion>>();
  readonly #read: ReadBeside;
  readonly #prepared: PreparedModels;

  /**
   * @param read default: the file of that path on this machine
   * @param prepared may be shared with others that read the same folders, or folders of the same models
   */
  constructor(
    given?: Companion,
    expected: readonly ExpectedRecord[] = [],
    read: ReadBeside = onDisk,
    prepared = new PreparedModels(),
  ) {
    this.#given = given;
    this.#expected = expected;
    this.#read = read;
    this.#prepared = prepared;
  }

  /** @param file where the bundle was read from */
  async of(file: string, source: FileContent): Promise<Companion> {
    if (this.#given !== undefined) return this.#given;
    const beside = isStdin(file) ? undefined : await this.#inFolder(path.dirname(file));
    return beside ?? this.#expectedFor(source);
  }

  #inFolder(folder: string): Promise<Companion> {
    const known = this.#beside.get(folder);
    if (known !== undefined) return known;
    const oldest = this.#beside.keys().next();
    if (this.#beside.size >= MAX_KEPT && !oldest.done) this.#beside.delete(oldest.value);
    const found = this.#readBeside(path.join(folder, MODEL_FILE));
    this.#beside.set(folder, found);
    return found;
  }

  /** Returns a refused record unparsed, so that every verdict reports what is wrong with it. */
  async #readBeside(file: string): Promise<Companion> {
    const content = await this.#read(file);
    if (content === undefined || content instanceof Refusal) return content;
    // Usually it is the record that the user expects, byte for byte: preparing a key costs more than checking a proof.
    const same = this.#expected.find(({ source }) => source !== undefined && equal(source, content));
    return same?.record ?? this.#prepared.of(content);
  }

  /** Only the record that the bundle itself names: with another one, it would look invalid and not incomplete. */
  #expectedFor(source: FileContent): Companion {
    const records = this.#expected.flatMap(({ record }) => (record === undefined ? [] : [record]));
    if (records.length === 0 || source instanceof Refusal) return undefined;
    try {
      const bundle = parseAnyBundle(isReceipt(source) ? bundleInReceipt(source) : source);
      if (bundle.model !== undefined) return undefined;
      const named = modelNamedBy(bundle);
      return records.find(({ ids }) => ids.modelId === named);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }
}

async function onDisk(file: string): Promise<Uint8Array | Refusal | undefined> {
  return (await exists(file)) || (await isLink(file)) ? readFound(file) : undefined;
}

/** A link that leads nowhere or in a circle is there, and is named as such. */
async function isLink(file: string): Promise<boolean> {
  const { lstat } = await import('node:fs/promises');
  return lstat(file).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  );
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
