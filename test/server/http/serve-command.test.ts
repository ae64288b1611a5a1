import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tokens } from '../../../src/server/http/tokens.ts';

const CANCER = path.resolve('test/fixtures/artifact-0.1/breast-cancer-logreg');
const CARD = path.resolve('package.json');
const SERVE = ['serve', CANCER, '--seal', 'none', '--json'];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'serve-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Started {
  readonly url: string;
  readonly logs: () => string;
  readonly hangUp: () => void;
  readonly end: (signal: NodeJS.Signals) => Promise<{ readonly code: number | null; readonly logs: string }>;
}

/** Starts the command, and waits until it says where it listens. */
async function start(words: readonly string[], main = 'dist/cli/main.js'): Promise<Started> {
  const child = spawn(process.execPath, [main, ...words]);
  let [out, logs] = ['', ''];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stderr.on('data', (piece) => {
    logs += piece;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      out += piece;
      if (out.endsWith('}\n')) resolve(JSON.parse(out).url);
    });
    child.on('close', () => reject(new Error(logs)));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return { code: await ended, logs };
  };
  return { url, logs: () => logs, hangUp: () => child.kill('SIGHUP'), end };
}

const firstRow = async () =>
  JSON.parse(await readFile('models/breast-cancer-logreg/test.json', 'utf8')).inputs[0] as number[];

describe('quietproof serve', () => {
  it('answers clients that it knows, writes JSON lines without inputs and tokens, and stops on SIGTERM', async () => {
    const tokens = path.join(root, 'tokens');
    const token = 'a-token-of-shop';
    await writeFile(tokens, `# clients\nshop ${createHash('sha256').update(token).digest('hex')}\n`);
    const {
      url,
      logs: soFar,
      hangUp,
      end,
    } = await start([...SERVE, '--port', '0', '--name', 'cancer', '--tokens', tokens]);
    const row = await firstRow();
    const inputs = [{ name: 'input', shape: [1, 30], datatype: 'FP64', data: row }];
    const ask = (headers: Record<string, string>) =>
      fetch(`${url}/v2/models/cancer/infer`, { method: 'POST', headers, body: JSON.stringify({ inputs }) });
    const refused = await ask({});
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'QP6586' }]);
    expect((await ask({ authorization: 'Bearer other' })).status).toBe(401);
    const answered = await ask({ authorization: `Bearer ${token}` });
    expect(await answered.json()).toMatchObject({ outputs: [{ data: [expect.any(Number)] }] });
    hangUp();
    while (!soFar().includes('models-swapped')) await new Promise((resolve) => setTimeout(resolve, 20));
    const { code, logs } = await end('SIGTERM');
    expect(code).toBe(0);
    const lines = logs
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ msg }) => msg === 'answered').map(({ status }) => status)).toEqual([
      401, 401, 200,
    ]);
    for (const secret of [token, 'Bearer', String(row[0])]) expect(logs).not.toContain(secret);
  });

  it('says why it cannot listen, and which artifacts are one model', async () => {
    const { url, end } = await start([...SERVE, '--port', '0']);
    const taken = new URL(url).port;
    await expect(start([...SERVE, '--port', taken])).rejects.toThrow('QP6590');
    await end('SIGINT');
    await expect(start([...SERVE, CANCER, '--port', '0'])).rejects.toThrow('QP6591');
    await expect(start([...SERVE, '--port', '0', '--name', 'a/b'])).rejects.toThrow('QP6591');
    await expect(start([...SERVE, '--port', '70000'])).rejects.toThrow('QP1001');
    const hook = ['--webhook', 'https://shop.example/hook'];
    await expect(start([...SERVE, ...hook])).rejects.toThrow('Each --webhook needs');
    await expect(start([...SERVE, ...hook, '--webhook-secret-file', CARD])).rejects.toThrow('QP6591');
  });

  it('names the package to install where Fastify is missing', async () => {
    const pkg = path.join(root, 'package');
    await mkdir(path.join(pkg, 'node_modules'), { recursive: true });
    for (const name of await readdir('node_modules')) {
      if (name === 'fastify') continue;
      await symlink(path.resolve('node_modules', name), path.join(pkg, 'node_modules', name));
    }
    for (const name of ['dist/cli', 'dist/chunks', 'package.json']) {
      await cp(name, path.join(pkg, name), { recursive: true });
    }
    const main = path.join(pkg, 'dist/cli/main.js');
    await expect(start([...SERVE, '--port', '0'], main)).rejects.toThrow(
      /QP6580.*fastify.*@quietproof\/server/,
    );
  });
});

describe('a file of tokens', () => {
  const digest = (token: string) => createHash('sha256').update(token).digest('hex');

  it('lets in whoever has a token whose digest is in it', () => {
    const tokens = Tokens.parse(`shop ${digest('s1')}\r\n\nbank ${digest('b1')}\n`, 'tokens');
    expect([tokens.require('Bearer s1'), tokens.require('bearer b1')]).toEqual(['shop', 'bank']);
    for (const header of [undefined, '', 'Bearer', 'Bearer x', 'Basic s1', `Bearer ${digest('s1')}`]) {
      expect(() => tokens.require(header)).toThrow('QP6586');
    }
  });

  it.each([
    ['a token itself', 'shop my-secret-token'],
    ['a token of two clients', `shop ${digest('x')}\nbank ${digest('x')}`],
    ['nothing', '# nobody\n'],
  ])('with %s is refused, and not shown', async (_, text) => {
    expect(() => Tokens.parse(text, 'tokens')).toThrow('QP6592');
    expect(() => Tokens.parse(text, 'tokens')).not.toThrow('my-secret-token');
    await expect(Tokens.read(path.join(root, 'missing'))).rejects.toThrow('QP6592');
  });
});
