import { Option } from 'commander';
import { BACKEND_NAMES } from '../prover/backend.ts';

export function backendOption(): Option {
  const text = 'what computes (default: the native prover where it is built, else snarkjs)';
  return new Option('--backend <name>', text).choices(BACKEND_NAMES);
}
