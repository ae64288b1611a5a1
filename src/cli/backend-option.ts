import { Option } from 'commander';
import { BACKEND_NAMES } from '../prover/backend.ts';

export function backendOption(): Option {
  const text = 'which prover to use (default: native if it is built, else snarkjs)';
  return new Option('--backend <name>', text).choices(BACKEND_NAMES);
}
