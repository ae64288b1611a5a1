import type { GraphBuilder } from '../graph-builder.ts';
import { isStandardDomain, type NodeProto } from './decode-model.ts';
import type { LiveNode } from './live-nodes.ts';
import { describeOperator } from './operator-descriptions.ts';
import type { Description } from './operator-words.ts';

interface Kind extends Description {
  readonly name: string;
  readonly nodes: LiveNode[];
}

/**
 * Reports all operators that cannot be proved at once, with how often each occurs and its first node. The error is at the
 * first of these nodes.
 *
 * @param nodes all nodes of the graph
 * @throws QuietproofError QP2101 if there are any
 */
export function refuseUnknown(
  builder: GraphBuilder,
  unknown: readonly LiveNode[],
  nodes: readonly LiveNode[],
): void {
  const kinds = kindsOf(unknown, new Set(nodes.map(({ proto }) => proto.opType)));
  const [first, ...others] = kinds;
  if (first === undefined) return;
  const what = `${first.name}, ${first.what}, cannot be proved`;
  const more = others.map(listed).join(', ');
  const times = first.nodes.length > 1 ? ` (${first.nodes.length} nodes)` : '';
  const message = `${what}${times}${more && `, nor can ${more}`}`;
  throw builder.error('QP2101', first.nodes[0]!.node, message, fixOf(kinds));
}

function kindsOf(unknown: readonly LiveNode[], all: ReadonlySet<string>): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const one of unknown) {
    const name = nameOf(one.proto);
    const kind = kinds.get(name) ?? { name, nodes: [], ...describeOperator(one.proto, all) };
    kind.nodes.push(one);
    kinds.set(name, kind);
  }
  return [...kinds.values()];
}

/** `Erf, the error function (12 nodes, first "gelu/erf")` */
function listed({ name, what, nodes }: Kind): string {
  const count = nodes.length > 1 ? `${nodes.length} nodes, first ` : '';
  return `${name}, ${what} (${count}"${nodes[0]!.node.name}")`;
}

/** The fix of the first operator that has one: the others are often only what surrounds it. */
function fixOf(kinds: readonly Kind[]): string | undefined {
  return kinds.find(({ fix }) => fix !== undefined)?.fix;
}

function nameOf({ domain, opType }: NodeProto): string {
  return isStandardDomain(domain) ? opType : `${opType} of ${domain}`;
}
