import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { LIMITS } from '@quietproof/client';
import type AxeCore from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPages } from '../../src/watch/pages/own-pages.ts';
import { OWN_PATHS } from '../../src/watch/pages/own-paths.ts';
import { alarmKey } from '../../src/watch/pages/sections.ts';
import type { WatchReport } from '../../src/watch/report.ts';
import { MISSING_BROWSER, type OpenBrowser, openBrowser } from '../export/browser/support/browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STYLE = readFileSync('dist/export/browser/assets/page.css', 'utf8');
const NOW = 1_795_838_400;
const MODEL = '9eaf14e37d12e5f6db32152e0af5ef0984757ff9c434578f10bb4496a90be791';

const QUIET: WatchReport = {
  upstream: 'https://models.example',
  since: NOW - 3600,
  now: NOW,
  models: [
    {
      ...{ id: MODEL, name: '<b>tumour</b>', answers: 1234, waitingForLog: 3 },
      ...{ waitingForProof: 7, proved: 60, lastAnswer: NOW },
    },
  ],
  log: {
    ...{
      origin: 'log.example/tumour',
      keys: ['log.example/tumour+4add494e+AVXPORRgHzeyzVhw8rZ78yKaKfpeGPLb7njK'],
    },
    ...{ from: 'first-sight', size: 1300, checkpoint: 'text', checkpointAt: NOW },
    ...{ witnesses: 0, witnessedAt: undefined, unread: 0 },
  },
  lastRound: NOW,
  unreachableSince: undefined,
  unchecked: 0,
  alarms: [],
  notices: [],
  more: 0,
  limits: LIMITS,
  unexamined: 0,
  troubles: [],
};

const LATE: WatchReport = {
  ...QUIET,
  alarms: [
    {
      ...{ level: 'alarm', kind: 'proof-late', code: 'QP7788', id: `proof-late/${MODEL}`, words: 'unused' },
      ...{ detail: 'The proof of entry 46 was due <script>alert(1)</script>', receiptId: MODEL, index: 46 },
      ...{ since: NOW - 62, found: NOW, evidence: '{"kind":"overdue"}' },
    },
  ],
};

let report = QUIET;
let server: http.Server;
let url: string;
let browser: OpenBrowser | undefined;
beforeAll(async () => {
  const own = ownPages({ report: async () => report, style: STYLE });
  server = http.createServer((request, response) => own(request, response) || response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (MISSING_BROWSER === undefined) browser = await openBrowser({ offline: false });
});
afterAll(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

/** Opens the page, and says what went wrong in it. */
async function open(own: WatchReport, width = 1100, colorScheme: 'light' | 'dark' = 'light') {
  report = own;
  const page = await browser!.context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('request', (request) => request.url() !== url + OWN_PATHS.page && faults.push(request.url()));
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  await page.goto(url + OWN_PATHS.page);
  return { page, faults };
}

describe.skipIf(MISSING_BROWSER !== undefined)('the page of the watch', () => {
  it.each([
    ['quiet, light', QUIET, 1100, 'light'],
    ['an alarm, dark', LATE, 1100, 'dark'],
    ['an alarm, on a phone', LATE, 375, 'light'],
  ] as const)('is readable and loads nothing: %s', async (_, own, width, scheme) => {
    const { page, faults } = await open(own, width, scheme);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    const text = await page.innerText('body');
    expect(text).toContain(own === QUIET ? 'Nothing is off' : 'Something is off');
    // What the provider named is shown as text.
    expect(text).toContain('<b>tumour</b>');
    for (const limit of LIMITS) expect(text).toContain(limit);
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof AxeCore };
      return (await axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('shows what came since, and says when the watch is gone', async () => {
    const { page } = await open(QUIET);
    report = LATE;
    await page.waitForFunction(() => document.body.innerText.includes('Something is off'));
    expect(await page.title()).toContain('(1)');
    await page.route('**', (route) => route.abort());
    await page.waitForFunction(() => document.body.innerText.includes('this page is old'));
    await page.close();
  }, 30_000);
});

describe('what the watch says of itself', () => {
  const at = async (path: string, method = 'GET') => {
    const response = await fetch(url + path, { method });
    return { status: response.status, body: await response.text(), headers: response.headers };
  };

  it('is JSON, metrics and evidence, and nothing can be changed there', async () => {
    report = LATE;
    expect(JSON.parse((await at(OWN_PATHS.status)).body)).toMatchObject({ models: [{ answers: 1234 }] });
    const { body } = await at(OWN_PATHS.metrics);
    expect(body).toContain('quietproof_watch_alarms{kind="proof-late",code="QP7788"} 1\n');
    expect(body).toContain('quietproof_watch_alarms{kind="log-forked",code="QP7792"} 0\n');
    expect(body).toContain(`quietproof_watch_answers_total{model="${MODEL}",name="<b>tumour</b>"} 1234\n`);
    expect((await at(OWN_PATHS.evidence + alarmKey(LATE.alarms[0]!))).body).toBe('{"kind":"overdue"}');
    for (const path of [`${OWN_PATHS.evidence}x`, `${OWN_PATHS.page}/other`]) {
      expect([(await at(path)).status, (await at(path)).body]).toEqual([
        404,
        expect.stringContaining('QP6455'),
      ]);
    }
    expect((await at(OWN_PATHS.page, 'POST')).status).toBe(404);
    const { headers } = await at(OWN_PATHS.page, 'HEAD');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});
