// Preloaded (node --import): kills the process just before its nth change of the file system.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env.KILL_AT);
const count = (call) =>
  function counted(...words) {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return call.apply(this, words);
  };
for (const name of ['rename', 'rm', 'mkdtemp', 'open', 'mkdir', 'link', 'unlink']) {
  fs.promises[name] = count(fs.promises[name]);
}
for (const name of [
  'renameSync',
  'rmSync',
  'rmdirSync',
  'mkdirSync',
  'writeFileSync',
  'openSync',
  'closeSync',
]) {
  fs[name] = count(fs[name]);
}
syncBuiltinESMExports();
