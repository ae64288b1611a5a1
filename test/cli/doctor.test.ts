import { describe, expect, it } from 'vitest';
import { checkNode } from '../../src/cli/doctor/machine-checks.ts';
import { runCli } from './support/run-cli.ts';

describe('doctor', () => {
  it('finds everything on a machine that can run the tests', async () => {
    const { code, stdout, stderr } = await runCli(['doctor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['Node', 'Cores', 'Memory', 'Disk', 'circom', 'snarkjs', 'onnxruntime-web', 'tfjs']) {
      expect(stdout).toMatch(new RegExp(`^[✓!] ${name} +\\S`, 'm'));
    }
    expect(stdout).toMatch(/Ready\.\n$/);
  });

  it('prints one object under --json', async () => {
    const { stdout } = await runCli(['doctor', '--json']);
    const { ready, checks } = JSON.parse(stdout);
    expect(ready).toBe(true);
    expect(checks[0]).toMatchObject({ name: 'Node', status: 'ok' });
  });

  it('says what to do on every line that is not ok', () => {
    for (const version of ['18.20.0', '20.18.1', '22.11.0']) {
      expect(checkNode(version)).toMatchObject({ status: 'fail', fix: expect.stringContaining('20.19') });
    }
    for (const version of ['20.19.0', '22.12.0', '23.0.0', '24.1.0']) {
      expect(checkNode(version).status).toBe('ok');
    }
  });
});
