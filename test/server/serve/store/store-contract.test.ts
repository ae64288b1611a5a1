import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedStore } from '../../../../src/server/serve/store/embedded-store.ts';
import { CONTRACT_RETENTION, describeStore } from './store-contract.ts';

describeStore('a folder', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'store-'));
  return {
    open: (covered) => EmbeddedStore.open(folder, { covered, retention: () => CONTRACT_RETENTION }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
