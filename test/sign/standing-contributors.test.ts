/**
 * A ceremony with three contributor services, each a process of its own: one is killed half-way, one lies, one is blind. An
 * auditor derives everything again and signs; a reader with a trust file verifies offline.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RederivationStatement, readStatementFile, type Verdict } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/data/sha256.ts';
import { readPageAssets } from '../../src/export/browser/page-assets.ts';
import { encodePoints, readPoints } from '../../src/formats/points-file.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { stepsOf } from '../../src/rederive/step-files.ts';
import { Authenticator } from '../../src/server/contributor/authenticate.ts';
import { ContributorService } from '../../src/server/contributor/contributor-service.ts';
import { type Contributions, contributorServer } from '../../src/server/contributor/http-server.ts';
import { readProducers } from '../../src/server/contributor/known-producers.ts';
import { type SetUpWithOptions, setUpWith } from '../../src/setup/ceremony-round/set-up-with.ts';
import { signStatement } from '../../src/sign/sign-statement.ts';
import { readSigningKey } from '../../src/sign/signing-key.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { MISSING_BROWSER, openBrowser } from '../export/browser/support/browser.ts';
import { openPage } from '../export/browser/support/open-page.ts';
import { must, quietproof } from '../rederive/in-process.ts';
import { holdCurve, makePtau } from '../support/small-circuit.ts';

const MODEL = path.join('models', 'breast-cancer-logreg', 'model.onnx');
const SLOW = process.env.QUIETPROOF_SLOW === '1';
const DATA = path.join('models', 'breast-cancer-logreg', 'test.json');
let root: string;
let release: () => Promise<void>;
let ptau: string;
const at = (...parts: string[]) => path.join(root, ...parts);
const key = (name: string) => at(`${name}.pem`);
const publicKey = async (name: string) => (await readFile(`${key(name)}.pub`, 'utf8')).split('\n')[1]!;

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}
const services = new Map<string, Running>();

/** Starts `quietproof contributor`. */
async function start(name: string, port = 0, more: readonly string[] = []): Promise<Running> {
  const words = ['contributor', at(`service-${name}`), '--name', name, '--key', key(name), '--json', ...more];
  const process_ = spawn(
    process.execPath,
    ['dist/cli/main.js', ...words, '--producers', at('producers.json'), '--port', String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  for await (const chunk of process_.stdout!) {
    text += chunk;
    if (text.trimEnd().endsWith('}')) break;
  }
  const running = { process: process_, url: JSON.parse(text).address as string };
  services.set(name, running);
  return running;
}

async function stop({ process: child }: Running, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** A service that contributes as it should, and swaps two points of what it returns. */
async function liar(): Promise<Running & { close(): Promise<void> }> {
  const signing = await readSigningKey(key('eve'));
  const honest = await ContributorService.open(at('service-eve'), {
    ...{ name: 'Eve', key: signing, phase1: [], maxBytes: 2 ** 30, maxOpen: 9, keep: 3600 },
  });
  const lie = (id: string, by: string) => {
    const file = honest.result(id, by, 'returned');
    const content = readFileSync(file);
    readZkey(content).h.copyWithin(0, 64, 128);
    writeFileSync(`${file}.lie`, content);
    return { file: `${file}.lie`, returned: { sha256: sha256(content), bytes: content.length } };
  };
  const lying: Contributions = {
    info: honest.info,
    announce: (...given) => honest.announce(...given),
    receive: (...given) => honest.receive(...given),
    forget: (...given) => honest.forget(...given),
    status: (id, by) => {
      const status = honest.status(id, by);
      return status.state === 'done' ? { ...status, returned: lie(id, by).returned } : status;
    },
    result: (id, by, part) => (part === 'returned' ? lie(id, by).file : honest.result(id, by, part)),
  };
  const producers = await readProducers(at('producers.json'));
  const seconds = () => Math.floor(Date.now() / 1000);
  const server = contributorServer(lying, new Authenticator(signing.id, producers, seconds));
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => {
    await server.close();
    await honest.close();
  };
  return { url, close } as Running & { close(): Promise<void> };
}

const quick = { pause: 50, attempts: 3, interval: 50 };
const producer = (urls: readonly string[], more: Partial<SetUpWithOptions> = {}) =>
  setUpWith(at('artifact'), { urls, key: key('bank'), ptau, ...quick, ...more });
const contributions = async () =>
  readZkey(await readFile(at('artifact', 'circuit.zkey'))).transcript.contributions.map(({ name }) => name);

beforeAll(async () => {
  release = await holdCurve();
  root = await mkdtemp(path.join(tmpdir(), 'standing-'));
  ptau = await makePtau(root, 6);
  for (const name of ['bank', 'ada', 'bo', 'cy', 'eve', 'audit']) await must('keygen', key(name));
  await writeFile(at('producers.json'), JSON.stringify(await trustFile([RELEASE])));
  await must(
    ...['compile', MODEL, '--calibration', DATA, '--input', 'public', '--bits', '8'],
    ...['--output', 'label', '--out', at('artifact'), '--accept-loss'],
  );
  await start('ada', 0, ['--ptau', ptau]);
  await start('bo');
  await start('cy');
});
afterAll(async () => {
  await Promise.all([...services.values()].map((one) => stop(one, 'SIGTERM')));
  await rm(root, { recursive: true, force: true });
  await release();
});

const RELEASE = { what: 'release', least: 1, by: ['Nordbank AG'] };

async function trustFile(rules: readonly object[], phase1: readonly object[] = []) {
  const keys = async (name: string) => [{ key: await publicKey(name), state: 'active' }];
  const parties = {
    'Nordbank AG': { role: 'producer', keys: await keys('bank') },
    Ada: { keys: await keys('ada') },
    Bo: { keys: await keys('bo') },
    Cy: { keys: await keys('cy') },
    'Audit GmbH': { keys: await keys('audit') },
  };
  const listed = phase1.length === 0 ? {} : { phase1 };
  return { version: 'quietproof/trust/v1', parties, rules, ...listed };
}

describe('a ceremony with standing contributors', () => {
  it('goes on where it stopped when one is killed half-way, and its secret is drawn once', async () => {
    const [ada, bo] = [services.get('ada')!, services.get('bo')!];
    let killed = false;
    const onWait = () => {
      if (killed) return;
      killed = true;
      bo.process.kill('SIGKILL');
    };
    const onStep = (step: string) => {
      waiting = step.includes(bo.url);
    };
    let waiting = false;
    const broken = producer([ada.url, bo.url], {
      onStep,
      onWait: () => (waiting ? onWait() : undefined),
      blind: false,
    });
    await expect(broken).rejects.toMatchObject({ code: 'QP6520', where: bo.url });
    expect(killed).toBe(true);
    expect(await contributions()).toEqual(['ada']);
    await stop(bo, 'SIGKILL');
    await start('bo', Number(new URL(bo.url).port));
    const { steps } = await producer([ada.url, bo.url]);
    expect(steps.map(({ name, checked }) => [name, checked])).toEqual([
      ['ada', true],
      ['bo', false],
    ]);
    expect(await contributions()).toEqual(['ada', 'bo']);
    for (const name of ['ada', 'bo']) expect(await readdir(at(`service-${name}`, 'record'))).toHaveLength(1);
  });

  it('names one that lies, loses nothing, and goes on without it, blind, to a beacon', async () => {
    const [ada, bo, cy] = [services.get('ada')!, services.get('bo')!, services.get('cy')!];
    const eve = await liar();
    const before = await readFile(at('artifact', 'circuit.zkey'));
    const lied = producer([ada.url, bo.url, eve.url]);
    await expect(lied).rejects.toMatchObject({ code: 'QP6521', where: eve.url });
    expect(Buffer.compare(await readFile(at('artifact', 'circuit.zkey')), before)).toBe(0);
    await eve.close();
    // The producer's own command is stopped while it waits for Cy, who goes on.
    const stopped = new AbortController();
    const asked = { blind: true, signal: stopped.signal, onWait: () => stopped.abort() };
    await expect(producer([ada.url, bo.url, cy.url], asked)).rejects.toThrow();
    const words = ['setup', at('artifact'), '--with', ada.url, '--with', bo.url, '--with', cy.url, '--blind'];
    await must(...words, '--sign-requests', key('bank'), '--beacon', '0123abcd');
    expect(await contributions()).toEqual(['ada', 'bo', 'cy', 'beacon']);
    expect(await readdir(at('service-cy', 'record'))).toHaveLength(1);
    // What was refused is kept as evidence, and is no state of the ceremony.
    const kept = (await readdir(at('artifact', 'ceremony'), { recursive: true })).map((one) =>
      path.basename(one),
    );
    expect(kept.filter((name) => name === 'received.refused')).toHaveLength(1);
    expect(kept.filter((name) => name.startsWith('sent.points'))).toHaveLength(1);
  });
});

describe('what others make of it', () => {
  const FILES: Record<string, string> = {};

  beforeAll(async () => {
    await must('sign', 'release', at('artifact'), '--key', key('bank'));
    const proved = await runCli([
      ...['prove', at('artifact'), '--inputs', DATA, '--rows', '0', '--out', at('proofs'), '--pack'],
    ]);
    expect(proved.code, proved.stderr).toBe(0);
    const words = [
      ...['rederive', at('artifact'), '--model', MODEL, '--calibration', DATA],
      ...['--zkey', at('artifact', 'circuit.zkey'), '--ptau', ptau, '--sign', key('audit')],
    ];
    await must(...words, '--states', at('artifact', 'ceremony'));
    for (const file of await readdir(at('artifact', 'statements'))) {
      FILES[file.replace(/-[0-9a-f]{8}\.json$/, '').replace(/^release.*/, 'release')] = at(
        'artifact',
        'statements',
        file,
      );
    }
    const { ptau: phase1 } = JSON.parse(await readFile(at('artifact', 'setup.json'), 'utf8')).record;
    const rules = [
      { what: 'contribution', least: 3, by: ['Ada', 'Bo', 'Cy'] },
      { what: 'rederivation', least: 1, by: ['Audit GmbH'] },
      RELEASE,
    ];
    const trust = await trustFile(rules, [{ blake2b: phase1.blake2b, name: 'ours' }]);
    await writeFile(at('trust.json'), JSON.stringify(trust));
    expect(Object.keys(FILES).sort()).toEqual([
      ...['contribution-1', 'contribution-2', 'contribution-3', 'rederivation', 'release'],
    ]);
  });

  const bundle = () => at('proofs', '000000.proof.json');
  async function verified(files: readonly string[]): Promise<Verdict> {
    const words = [
      'verify',
      bundle(),
      '--trust',
      at('trust.json'),
      ...files.flatMap((file) => ['--statements', file]),
    ];
    const { stdout } = await quietproof(...words, '--json');
    return JSON.parse(stdout).verdicts[0].verdict;
  }
  const setupOf = ({ checks }: Verdict) => checks.find(({ id }) => id === 'setup')!;

  it('verifies offline, with the names of the parties', async () => {
    const verdict = await verified(Object.values(FILES));
    expect(verdict).toMatchObject({ outcome: 'valid', accepted: true });
    expect(setupOf(verdict)).toMatchObject({
      status: 'pass',
      detail: expect.stringMatching(/Ada, Bo, Cy contributed; Audit GmbH derived the whole key again/),
    });
  });

  it('verifies in Python, with the same names', async () => {
    const statements = await Promise.all(Object.values(FILES).map((file) => readFile(file, 'utf8')));
    await writeFile(at('statements.json'), JSON.stringify(statements));
    const words = ['verify-bundle', '--bundle', bundle(), '--trust', at('trust.json')];
    const now = `${new Date(Date.now() + 1000).toISOString().slice(0, 19)}Z`;
    const asked = [...words, '--statements', at('statements.json'), '--at', now];
    const { stdout } = spawnSync('python3', ['src/verify/python/conformance.py', ...asked], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'valid',
      setup: 'pass',
      trusted: [
        'contribution:Ada',
        'contribution:Bo',
        'contribution:Cy',
        'rederivation:Audit GmbH',
        'release:Nordbank AG',
      ],
    });
  });

  it.skipIf(!SLOW || MISSING_BROWSER !== undefined)('verifies on a page that opens offline', async () => {
    const { context, close } = await openBrowser();
    try {
      const assets = await readPageAssets(new URL('../../dist/export/browser/assets/', import.meta.url));
      const content = { bundle: await readFile(bundle()) };
      const page = await openPage(context, root, { name: 'receipt', content }, assets);
      await page.setInputFiles('#file', [at('trust.json'), ...Object.values(FILES)]);
      await page.waitForFunction(() => document.documentElement.dataset.state === 'confirmed');
      expect(await page.textContent('body')).toContain('Audit GmbH');
    } finally {
      await close();
    }
  });

  it.each(['contribution-1', 'contribution-2', 'contribution-3', 'rederivation', 'release'])(
    'says what is only claimed without %s',
    async (left) => {
      const verdict = await verified(
        Object.entries(FILES).flatMap(([name, file]) => (name === left ? [] : [file])),
      );
      expect(verdict).toMatchObject({ outcome: 'incomplete', accepted: false, missing: ['statement'] });
      const id = left === 'release' ? 'model' : 'setup';
      const { status, detail } = verdict.checks.find((one) => one.id === id)!;
      expect(status).toBe('claimed');
      expect(detail).toContain(
        `nly claimed: ${left.split('-')[0] === 'rederivation' ? 'contribution' : left.split('-')[0]}`,
      );
    },
  );

  it('counts no contributor who did not compare the circuit, unless the auditor saw its points', async () => {
    // The auditor signs the same without the points.
    const { statement } = readStatementFile(await readFile(FILES.rederivation!));
    const { points: _, ...predicate } = statement.predicate as RederivationStatement['predicate'];
    const without = { ...(statement as RederivationStatement), predicate };
    await writeFile(at('without-states.json'), signStatement(without, await readSigningKey(key('audit'))));
    const files = Object.entries(FILES).map(([name, file]) =>
      name === 'rederivation' ? at('without-states.json') : file,
    );
    const verdict = await verified(files);
    expect(setupOf(verdict).detail).toContain('contribution by 3 of Ada, Bo, Cy: 1 (Ada)');
    const codes = verdict.trust!.statements.flatMap(({ party, code }) =>
      code === undefined ? [] : [[party, code]],
    );
    expect(codes.sort()).toEqual([
      ['Bo', 'QP7229'],
      ['Cy', 'QP7229'],
    ]);
  });

  it('is not signed where a point of IC was sent in the place of one of C', async () => {
    const folders = await readdir(at('artifact', 'ceremony'));
    const blind = folders.map((name) => at('artifact', 'ceremony', name, 'sent.points'));
    const sent = (await Promise.all(blind.map((file) => readFile(file).catch(() => undefined)))).find(
      Boolean,
    )!;
    const { c, ...rest } = readPoints(sent, 'sent');
    const trap = Uint8Array.from(c);
    trap.set(readZkey(await readFile(at('artifact', 'circuit.zkey'))).ic.subarray(64, 128));
    await mkdir(at('states'));
    await writeFile(at('states', 'sent.points'), encodePoints({ ...rest, c: trap }));
    // What `rederive --sign --states` does before it signs anything.
    const final = readZkey(await readFile(at('artifact', 'circuit.zkey')));
    await expect(stepsOf(final, [at('states')])).rejects.toMatchObject({ code: 'QP5024' });
  });
});
