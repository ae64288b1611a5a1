import { R } from '../key/points.ts';
import type { InputMode, SignalGroup } from './model-interface.ts';

/** The verifier's rules for an input mode: its public signals, and whether each proof has an opening. */
export interface InputModeRules {
  readonly role: SignalGroup['role'];
  /** Number of public signals for this many features. */
  readonly signalCount: (features: number) => number;
  /** Upper bounds of the signals, from those of the features: one string for all, or one per signal. */
  readonly signalMax: (featureMax: () => string | readonly string[]) => string | readonly string[];
  /** Whether a feature may have the range 0 … max. */
  readonly allowsMax: (max: bigint) => boolean;
  /** Whether the circuit takes a salt of 128 random bits, which is stored in the opening. */
  readonly salted: boolean;
}

export const INPUT_MODES: { readonly [M in InputMode]: InputModeRules } = {
  digest: {
    role: 'digest',
    signalCount: () => 1,
    signalMax: () => (R - 1n).toString(),
    // The digest packs whole bits, and the circuit enforces only the number of bits: max = 2^bits − 1.
    allowsMax: (max) => (max & (max + 1n)) === 0n,
    salted: true,
  },
  public: {
    role: 'input',
    signalCount: (features) => features,
    signalMax: (featureMax) => featureMax(),
    allowsMax: () => true,
    salted: false,
  },
};

export const INPUT_MODE_NAMES = Object.keys(INPUT_MODES) as readonly InputMode[];

/** The salt of one proof; null in a mode without salts. */
export function saltFor(mode: InputMode, draw: () => bigint): bigint | null {
  return INPUT_MODES[mode].salted ? draw() : null;
}
