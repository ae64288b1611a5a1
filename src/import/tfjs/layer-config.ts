import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { isObject, isSize, isSizes, type JsonObject } from './json-value.ts';

/** Entries that only matter for training, or are only descriptive. */
const IGNORED = new Set(
  'name trainable batch_input_shape batch_size momentum module registered_name build_config input_dtype'.split(
    ' ',
  ),
);
const IGNORED_ENDINGS = /_(initializer|regularizer|constraint)$/;

/**
 * The `config` of a Keras layer. Every entry must be read or known to be harmless: an unread entry might change what
 * the layer computes, so `finish` refuses it by name. Null and false count as unset.
 */
export class LayerConfig {
  readonly #builder: GraphBuilder;
  readonly #node: NodeInfo;
  readonly #config: JsonObject;
  readonly #read = new Set<string>();

  constructor(builder: GraphBuilder, node: NodeInfo, config: JsonObject) {
    this.#builder = builder;
    this.#node = node;
    this.#config = config;
    this.#checkType();
  }

  number(key: string, otherwise: number): number {
    const value = this.#take(key) ?? otherwise;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#invalid(key, 'a number');
    return value;
  }

  optionalNumber(key: string): number | undefined {
    return this.#take(key) === undefined ? undefined : this.number(key, 0);
  }

  boolean(key: string, otherwise: boolean): boolean {
    const value = this.#take(key) ?? otherwise;
    if (typeof value !== 'boolean') throw this.#invalid(key, 'true or false');
    return value;
  }

  string(key: string, otherwise: string): string {
    const value = this.#take(key) ?? otherwise;
    if (typeof value !== 'string') throw this.#invalid(key, 'a string');
    return value;
  }

  /** A positive integer. */
  size(key: string): number {
    const value = this.#take(key);
    if (!isSize(value) || value === 0) throw this.#invalid(key, 'a positive integer');
    return value;
  }

  /** One positive integer per spatial axis; a single number applies to all axes. */
  sizes(key: string, rank: number, otherwise?: readonly number[]): readonly number[] {
    const value = this.#take(key) ?? otherwise;
    const sizes = isSize(value) ? new Array<number>(rank).fill(value) : value;
    if (!isSizes(sizes) || sizes.length !== rank || sizes.includes(0)) {
      throw this.#invalid(key, rank === 1 ? 'a positive integer' : `${rank} positive integers`);
    }
    return sizes;
  }

  /** Integers of any sign, for shapes and axes; a single number is a list of one. */
  integers(key: string, otherwise?: readonly number[]): readonly number[] {
    const value = this.#take(key) ?? otherwise;
    const list: unknown = typeof value === 'number' ? [value] : value;
    if (!Array.isArray(list) || !list.every(Number.isSafeInteger))
      throw this.#invalid(key, 'a list of integers');
    return list as number[];
  }

  /** The raw value, for entries that have several forms. */
  any(key: string): unknown {
    return this.#take(key);
  }

  /** Whether the layout is [batch, channels, …plane]. */
  channelsFirst(): boolean {
    const format = this.string('data_format', 'channels_last');
    if (format === 'channels_first' || format === 'channels_last') return format === 'channels_first';
    throw this.#invalid('data_format', 'channels_first or channels_last');
  }

  /** Marks entries as read that do not affect the result. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.#read.add(key);
  }

  /** @throws QuietproofError QP2204 if an entry was not read */
  finish(): void {
    for (const [key, value] of Object.entries(this.#config)) {
      const harmless = this.#read.has(key) || IGNORED.has(key) || IGNORED_ENDINGS.test(key);
      if (harmless || value === null || value === false) continue;
      const what = `${this.#node.op} with ${key} = ${JSON.stringify(value)?.slice(0, 40)} cannot be proved`;
      throw this.#builder.error('QP2204', this.#node, what);
    }
  }

  #take(key: string): unknown {
    this.#read.add(key);
    return Object.hasOwn(this.#config, key) ? (this.#config[key] ?? undefined) : undefined;
  }

  /** Only float32 layers are supported. Keras writes the type as a name, or as a policy object. */
  #checkType(): void {
    const given = this.#take('dtype') ?? 'float32';
    const config = isObject(given) ? given.config : undefined;
    const type = isObject(config) ? config.name : given;
    if (type === 'float32') return;
    const what = `a layer computing in ${typeof type === 'string' ? type : 'an unknown type'} is not supported`;
    throw this.#builder.error('QP2105', this.#node, what, 'Train or convert the model in float32');
  }

  #invalid(key: string, wanted: string): QuietproofError {
    const found = JSON.stringify(this.#config[key])?.slice(0, 40) ?? 'nothing';
    const what = `${key} of ${this.#node.op} must be ${wanted}, but it is ${found}`;
    return this.#builder.error('QP2111', this.#node, what, 'Save or convert the model again');
  }
}
