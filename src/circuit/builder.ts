import type { Bounds } from '../integer/bounds.ts';
import type { IntegerNode } from '../integer/integer-graph.ts';
import type { TraceLayout } from '../integer/trace-layout.ts';
import type { FusedLinears } from './fused-linears.ts';
import type { Layer } from './layer.ts';
import type { WireForms } from './wire-forms.ts';

export interface BuildContext {
  readonly bounds: Bounds;
  readonly fused: FusedLinears;
  /** What values are in terms of wires. */
  readonly forms: WireForms;
  readonly layout: TraceLayout;
}

/** The layers that compute a node; none if another node's layers compute it too. `name` is unique in the circuit. */
export type Builder<N extends IntegerNode> = (
  name: string,
  node: N,
  context: BuildContext,
) => readonly Layer[];
