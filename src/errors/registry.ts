import { checkErrors } from './check-errors.ts';
import { circuitErrors } from './circuit-errors.ts';
import { cliErrors } from './cli-errors.ts';
import { dataErrors } from './data-errors.ts';
import type { ErrorSpec } from './error-spec.ts';
import { exportErrors } from './export-errors.ts';
import { importErrors } from './import-errors.ts';
import { proveErrors } from './prove-errors.ts';
import { quantizeErrors } from './quantize-errors.ts';
import { setupErrors } from './setup-errors.ts';
import { verifyErrors } from './verify-errors.ts';

/**
 * Every code a user can meet, in one place. The thousands name the room: 1 commands and data, 2 import,
 * 3 quantization and bounds, 4 circuits, 5 setup, 6 proving, 7 bundles and verification, 8 environment, 9 ours.
 * A code is never reused for another meaning.
 */
export const ERROR_REGISTRY = {
  ...cliErrors,
  ...dataErrors,
  ...importErrors,
  ...quantizeErrors,
  ...circuitErrors,
  ...checkErrors,
  ...setupErrors,
  ...proveErrors,
  ...verifyErrors,
  ...exportErrors,
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERROR_REGISTRY;
