// A process that takes and releases locks as its parent says. Arguments: the built folder-lock.js and system-lock.js,
// and which mechanism to use: 'best', 'flock' or 'none'.
import { pathToFileURL } from 'node:url';

const [built, mechanism] = process.argv.slice(2);
const { lockFolder } = await import(pathToFileURL(`${built}/folder-lock.js`).href);
const { programLock, systemLocks } = await import(pathToFileURL(`${built}/system-lock.js`).href);
const mechanisms = { best: await systemLocks(), flock: [programLock], none: [] };

let lock;
process.on('message', async ({ take }) => {
  lock?.release();
  lock = undefined;
  if (take === undefined) return process.send({ state: 'released' });
  try {
    lock = await lockFolder(take, { purpose: 'prove', systemLocks: mechanisms[mechanism] });
    process.send({ state: 'taken', mechanism: lock.mechanism });
  } catch (error) {
    process.send({ state: 'refused', code: error.code, message: error.message });
  }
});
process.send({ state: 'ready', pid: process.pid });
