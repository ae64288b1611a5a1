import { describe, it } from 'vitest';
import { missingPython } from '../python-environment.ts';
import { exportModels } from './environment.ts';

const HOURS = 3_600_000;

const missing = await missingPython();
if (missing !== undefined) console.log(`Skipped: ${missing}`);

describe.skipIf(missing !== undefined)('the frameworks export their models', () => {
  it.each(['pytorch', 'keras'] as const)('%s', { timeout: 3 * HOURS }, exportModels);
});
