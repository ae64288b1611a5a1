import { artifactErrors } from './artifact-errors.ts';
import { auditErrors } from './audit-errors.ts';
import { checkErrors } from './check-errors.ts';
import { circuitErrors } from './circuit-errors.ts';
import { cliErrors } from './cli-errors.ts';
import { clientErrors } from './client-errors.ts';
import { dataErrors } from './data-errors.ts';
import type { ErrorSpec } from './error-spec.ts';
import { exportErrors } from './export-errors.ts';
import { httpErrors } from './http-errors.ts';
import { importErrors } from './import-errors.ts';
import { logErrors } from './log-errors.ts';
import { proveErrors } from './prove-errors.ts';
import { qualityErrors } from './quality-errors.ts';
import { quantizeErrors } from './quantize-errors.ts';
import { reportErrors } from './report-errors.ts';
import { serverErrors } from './server-errors.ts';
import { setupErrors } from './setup-errors.ts';
import { verifyErrors } from './verify-errors.ts';
import { watchErrors } from './watch-errors.ts';

/**
 * All error codes. The first digit gives the area: 1 commands and data, 2 import, 3 quantization and bounds,
 * 4 circuits, 5 setup, 6 proving, logs and servers, 7 bundles and verification, 8 environment, 9 internal errors. A code is never reused
 * with another meaning.
 */
export const ERROR_REGISTRY = {
  ...cliErrors,
  ...dataErrors,
  ...importErrors,
  ...quantizeErrors,
  ...qualityErrors,
  ...circuitErrors,
  ...checkErrors,
  ...artifactErrors,
  ...setupErrors,
  ...proveErrors,
  ...logErrors,
  ...serverErrors,
  ...verifyErrors,
  ...clientErrors,
  ...auditErrors,
  ...reportErrors,
  ...exportErrors,
  ...httpErrors,
  ...watchErrors,
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERROR_REGISTRY;
