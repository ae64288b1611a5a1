// Appends to a store until the disk is full, makes room, appends again, and says on stderr what is there when it is opened.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedStore } from '#dist/server/serve/store/embedded-store.js';

const [, , folder] = process.argv;
const ballast = path.join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(100_000));
const open = () => EmbeddedStore.open(path.join(folder, 'sealed'), { covered: 0, retention: () => 1e6 });
const record = (index) => ({
  kind: 'sealed',
  modelId: 'a'.repeat(64),
  index,
  time: 1_800_000_000,
  entry: '',
  receiptId: index.toString(16).padStart(64, '0'),
  integers: Array.from({ length: 300 }, (_, i) => index + i),
});
const store = await open();
const group = () => [0, 1, 2].map((i) => record(store.next + i));
let refused;
while (refused === undefined) {
  await store.append(group()).catch(({ code }) => {
    refused = code;
  });
}
rmSync(ballast);
await store.append(group());
const acknowledged = store.next;
await store.close();
const again = await open();
let found = 0;
await again.replay(() => {
  found += 1;
});
process.stderr.write(JSON.stringify({ refused, acknowledged, found, next: again.next }));
await again.close();
