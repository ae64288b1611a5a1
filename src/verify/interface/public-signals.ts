import type { ModelInterface, SignalGroup } from './model-interface.ts';
import type { Reading } from './reading.ts';

/** The public signals of a proof by what they say; this file alone knows where each of them stands. */
export interface PublicSignals<S> {
  readonly outputs: readonly S[];
  /** The input's values or digest: whatever its mode publishes. */
  readonly input: readonly S[];
  readonly context: S;
}

/** The signal groups of an interface by what they say. */
export interface SignalGroups {
  readonly outputs: SignalGroup;
  readonly input: SignalGroup;
  readonly context: SignalGroup;
}

/** In the order in which a proof lists them: outputs, input, context. */
export function joinSignals<S>({ outputs, input, context }: PublicSignals<S>): S[] {
  return [...outputs, ...input, context];
}

/** @param signals as many as the interface says */
export function splitSignals<S>({ plan }: Pick<Reading, 'plan'>, signals: readonly S[]): PublicSignals<S> {
  const outputs = plan.output.length;
  return {
    outputs: signals.slice(0, outputs),
    input: signals.slice(outputs, -1),
    context: contextOf(signals),
  };
}

/** The context is the last signal, whatever the model; a proof has at least one signal. */
export function contextOf<S>(signals: readonly S[]): S {
  return signals.at(-1) as S;
}

/** Groups may be missing from an interface that `checkInterface` has not accepted. */
export function signalGroups({ signals }: ModelInterface): {
  readonly [G in keyof SignalGroups]: SignalGroup | undefined;
} {
  const [outputs, input, context] = signals;
  return { outputs, input, context };
}

/** The groups as an interface lists them. */
export function orderedGroups({ outputs, input, context }: SignalGroups): SignalGroup[] {
  return [outputs, input, context];
}
