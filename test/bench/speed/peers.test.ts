import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOptions } from '../../../bench/speed/options.ts';
import { findPeers, wholeProcess } from '../../../bench/speed/peers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'peers-'));
  await writeFile(path.join(folder, 'prover'), '#!/bin/sh\nexit "$1"\n');
  await chmod(path.join(folder, 'prover'), 0o755);
  await writeFile(path.join(folder, 'rapidsnark-warm'), 'not executable');
});
afterAll(() => rm(folder, { recursive: true }));

describe('findPeers', () => {
  it('finds programs on the path, and names what is not there', () => {
    const { peers, absent } = findPeers(parseOptions([]), `/no/such/folder${path.delimiter}${folder}`);
    expect(peers.rapidsnark).toBe(path.join(folder, 'prover'));
    expect(peers.rapidsnarkWarm).toBeUndefined();
    expect(absent.map(({ name }) => name)).toContain('rapidsnark, key warm');
  });

  it('takes the programs that are given before those on the path', () => {
    const given = parseOptions(['--rapidsnark', '/a', '--rapidsnark-warm', '/b', '--ezkl', '/c']);
    const { peers, absent } = findPeers(given, folder);
    expect(peers).toEqual({ rapidsnark: '/a', rapidsnarkWarm: '/b', ezkl: '/c' });
    expect(absent).toEqual([]);
  });

  it('looks for none when told so', () => {
    expect(findPeers(parseOptions(['--no-peers']), folder).peers).toEqual({});
  });
});

describe('wholeProcess', () => {
  it('times a program that succeeds, and refuses the time of one that fails', async () => {
    const program = path.join(folder, 'prover');
    expect(Object.keys(await wholeProcess(program, ['0']).once())).toEqual(['proveMs']);
    await expect(wholeProcess(program, ['1']).once()).rejects.toThrow(/ended with 1/);
    await expect(wholeProcess('/no/such/program', []).once()).rejects.toThrow(/ENOENT/);
  });
});
