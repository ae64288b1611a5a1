import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** Path of Debian's package, or from the variable CHROMIUM. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why browser tests are skipped; undefined if they run. In CI, a missing browser is an error. */
export const MISSING_BROWSER = browserMissing();

function browserMissing(): string | undefined {
  if (existsSync(EXECUTABLE)) return undefined;
  const why = `There is no Chromium at ${EXECUTABLE}: apt-get install chromium, or set CHROMIUM`;
  if (process.env.CI === 'true') throw new Error(why);
  console.warn(`Browser tests are skipped. ${why}`);
  return why;
}

export interface OpenBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts Chromium with a new profile; without network by default. */
export async function openBrowser({ offline = true } = {}): Promise<OpenBrowser> {
  const profile = await mkdtemp(path.join(tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    headless: true,
    offline,
    args: FLAGS,
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
