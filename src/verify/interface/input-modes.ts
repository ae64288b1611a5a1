import { R } from '../key/points.ts';
import type { InputMode, SignalGroup } from './model-interface.ts';

/** What verifiers know of an input mode: its public signals, and whether an opening belongs to each proof. */
export interface InputModeRules {
  readonly role: SignalGroup['role'];
  /** How many public signals stand for so many features. */
  readonly signalCount: (features: number) => number;
  /** Their upper bounds, from those of the features; one string for all, or one each. */
  readonly signalMax: (featureMax: () => string | readonly string[]) => string | readonly string[];
  /** Whether a feature may range over 0 … max. */
  readonly allowsMax: (max: bigint) => boolean;
  /** Whether the circuit takes 128 random bits, which the proof's opening holds. */
  readonly salted: boolean;
}

export const INPUT_MODES: { readonly [M in InputMode]: InputModeRules } = {
  digest: {
    role: 'digest',
    signalCount: () => 1,
    signalMax: () => (R - 1n).toString(),
    // The digest packs whole bits, and bits are what the circuit enforces: 2^bits − 1.
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

/** The salt of one proof, where the mode takes one; else null. */
export function saltFor(mode: InputMode, draw: () => bigint): bigint | null {
  return INPUT_MODES[mode].salted ? draw() : null;
}
