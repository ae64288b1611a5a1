import { describe, expect, it } from 'vitest';
import { checkNode } from '../../src/doctor/machine-checks.ts';
import { checkNativeProver } from '../../src/doctor/native-check.ts';
import type { NativeBinding } from '../../src/prover/native-binding.ts';
import { NATIVE_BINARY } from '../support/backends.ts';
import { runCli } from './support/run-cli.ts';

describe('doctor', () => {
  it('finds everything on a machine that can run the tests', async () => {
    const { code, stdout, stderr } = await runCli(['doctor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['Node', 'Cores', 'Memory', 'Disk', 'circom', 'snarkjs', 'onnxruntime-web', 'tfjs']) {
      expect(stdout).toMatch(new RegExp(`^[✓!] ${name} +\\S`, 'm'));
    }
    const native =
      NATIVE_BINARY === undefined ? 'it is not built for' : '\\d\\.\\d\\.\\d, (portable|avx512-ifma)';
    expect(stdout).toMatch(new RegExp(`^✓ native prover +${native}`, 'm'));
    expect(stdout).toMatch(/Ready\.\n$/);
  });

  it('prints one object with --json', async () => {
    const { stdout } = await runCli(['doctor', '--json']);
    const { ready, checks } = JSON.parse(stdout);
    expect(ready).toBe(true);
    expect(checks[0]).toMatchObject({ name: 'Node', status: 'ok' });
  });

  it('distinguishes a native prover that is not built from one that does not work', () => {
    const binding = { version: () => '0.1.0', engine: () => 'portable' } as NativeBinding;
    expect(checkNativeProver({ state: 'ready', binding, file: '' })).toMatchObject({ status: 'ok' });
    const fix = expect.stringContaining('npm run build:native');
    expect(checkNativeProver({ state: 'absent', reason: 'none' })).toMatchObject({ status: 'ok', fix });
    expect(checkNativeProver({ state: 'broken', reason: 'cut' })).toMatchObject({ status: 'warn', fix });
  });

  it('suggests a fix if a check is not ok', () => {
    for (const version of ['18.20.0', '20.18.1', '22.11.0']) {
      expect(checkNode(version)).toMatchObject({ status: 'fail', fix: expect.stringContaining('20.19') });
    }
    for (const version of ['20.19.0', '22.12.0', '23.0.0', '24.1.0']) {
      expect(checkNode(version).status).toBe('ok');
    }
  });
});
