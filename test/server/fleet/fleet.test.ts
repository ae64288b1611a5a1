import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { loadPackages } from '../../../src/server/fleet/packages.ts';
import { POSTGRES } from './support/cluster.ts';
import { node22 } from './support/node-22.ts';

describe('a fleet', () => {
  it('says which Node it needs', async () => {
    for (const version of ['20.19.0', '21.7.3', '22.11.0']) {
      await expect(loadPackages(version)).rejects.toMatchObject({ code: 'QP6570' });
    }
    const words = ['worker', '--database', 'postgres://localhost/q', '--inputs-key', 'package.json'];
    const { stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...words, '--from', 'http://x'], {
      encoding: 'utf8',
    });
    // The mode of the file, before anything is loaded.
    expect(stderr).toContain('QP6574');
  });

  // Debian: apt-get install postgresql. In CI, missing what it needs is a failure.
  it.skipIf(POSTGRES === undefined && process.env.CI === undefined)(
    'does what an endpoint does, and more, over PostgreSQL and Node 22',
    { timeout: 600_000 },
    async () => {
      const words = [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        'test/server/fleet/vitest.config.ts',
      ];
      const child = spawn(node22(), [...words, '--root', '.'], { stdio: ['ignore', 'pipe', 'pipe'] });
      const said: string[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
      }
      const [status] = await once(child, 'exit');
      expect(status, said.join('')).toBe(0);
      expect(said.join('')).not.toContain('Unhandled');
    },
  );
});
