import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import {
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  toInteger,
} from './decode-model.ts';

/** AttributeProto.AttributeType */
const KIND = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

/**
 * A node's attributes. All of them must be read: an unread attribute might change what the operator computes, so
 * `finish` refuses it by name.
 */
export class Attributes {
  readonly #builder: GraphBuilder;
  readonly #node: NodeInfo;
  readonly #byName = new Map<string, AttributeProto>();
  readonly #read = new Set<string>();

  constructor(builder: GraphBuilder, node: NodeInfo, proto: NodeProto) {
    this.#builder = builder;
    this.#node = node;
    for (const attribute of proto.attribute as AttributeProto[]) this.#byName.set(attribute.name, attribute);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  float(name: string, otherwise: number): number {
    const attribute = this.#take(name, KIND.float);
    return attribute ? attribute.f : otherwise;
  }

  int(name: string, otherwise: number): number {
    const attribute = this.#take(name, KIND.int);
    return attribute ? toInteger(attribute.i) : otherwise;
  }

  string(name: string, otherwise: string): string {
    const attribute = this.#take(name, KIND.string);
    return attribute ? Buffer.from(attribute.s).toString('utf8') : otherwise;
  }

  ints(name: string): number[] | undefined {
    return this.#take(name, KIND.ints)?.ints.map(toInteger);
  }

  floats(name: string): number[] | undefined {
    return this.#take(name, KIND.floats)?.floats;
  }

  strings(name: string): string[] | undefined {
    return this.#take(name, KIND.strings)?.strings.map((text) => Buffer.from(text).toString('utf8'));
  }

  tensor(name: string): TensorProto | undefined {
    return (this.#take(name, KIND.tensor)?.t ?? undefined) as TensorProto | undefined;
  }

  graph(name: string): GraphProto | undefined {
    return (this.#take(name, KIND.graph)?.g ?? undefined) as GraphProto | undefined;
  }

  /** Marks attributes as read that do not affect the result. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** @throws QuietproofError QP2102 if an attribute was not read */
  finish(): void {
    for (const name of this.#byName.keys()) {
      if (!this.#read.has(name)) {
        throw this.#builder.error(
          'QP2102',
          this.#node,
          `${this.#node.op} with the attribute "${name}" cannot be proved`,
        );
      }
    }
  }

  #take(name: string, kind: number): AttributeProto | undefined {
    this.#read.add(name);
    const attribute = this.#byName.get(name);
    if (attribute === undefined) return undefined;
    // Very old exporters omit the type.
    if ((attribute.type as number) !== kind && (attribute.type as number) !== 0) {
      throw this.#builder.error(
        'QP2001',
        this.#node,
        `the attribute "${name}" of ${this.#node.op} has the wrong type`,
      );
    }
    return attribute;
  }
}
