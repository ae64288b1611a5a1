// Puts new files into a folder in one step. Arguments: the built room, the folder.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [built, target] = process.argv.slice(2);
const { lockFolder } = await import(pathToFileURL(`${built}/folder-lock.js`).href);
const { StagedFiles } = await import(pathToFileURL(`${built}/staged-files.js`).href);
const lock = await lockFolder(target, { purpose: 'change' });
const stage = await StagedFiles.open(target);
for (const name of ['a', 'b', 'c', 'manifest']) await writeFile(path.join(stage.folder, name), 'new');
await stage.commit({ marker: 'manifest', remove: ['a', 'gone'] });
await stage.discard();
lock.release();
