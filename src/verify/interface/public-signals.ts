import type { ModelInterface, SignalGroup } from './model-interface.ts';
import type { Reading } from './reading.ts';

/** The public signals of a proof by meaning. Only this file knows their order. */
export interface PublicSignals<S> {
  readonly outputs: readonly S[];
  /** The values or the digest of the input, depending on the mode. */
  readonly input: readonly S[];
  readonly context: S;
}

/** The signal groups of an interface by meaning. */
export interface SignalGroups {
  readonly outputs: SignalGroup;
  readonly input: SignalGroup;
  readonly context: SignalGroup;
}

/** In the order of a proof: outputs, input, context. */
export function joinSignals<S>({ outputs, input, context }: PublicSignals<S>): S[] {
  return [...outputs, ...input, context];
}

/** @param signals as many as `plan` has bounds */
export function splitSignals<S>({ plan }: Pick<Reading, 'plan'>, signals: readonly S[]): PublicSignals<S> {
  const outputs = plan.output.length;
  return {
    outputs: signals.slice(0, outputs),
    input: signals.slice(outputs, -1),
    context: contextOf(signals),
  };
}

/** The context is the last signal in every model; a proof has at least one signal. */
export function contextOf<S>(signals: readonly S[]): S {
  return signals.at(-1) as S;
}

/** Groups may be missing until `checkInterface` has accepted the interface. */
export function signalGroups({ signals }: ModelInterface): {
  readonly [G in keyof SignalGroups]: SignalGroup | undefined;
} {
  const [outputs, input, context] = signals;
  return { outputs, input, context };
}

/** The groups in the order of an interface. */
export function orderedGroups({ outputs, input, context }: SignalGroups): SignalGroup[] {
  return [outputs, input, context];
}
