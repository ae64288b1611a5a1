import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildProgram } from '../../src/cli/program.ts';
import { Shell } from '../../src/cli/shell.ts';

const read = (name: string) => readFileSync(`docs/operator/${name}`, 'utf8');

async function optionsOf(name: string): Promise<readonly string[]> {
  const program = await buildProgram(new Shell(process), process, [name]);
  return program.commands.find((command) => command.name() === name)!.options.map(({ long }) => long!);
}

describe('the examples of a fleet', () => {
  it('start commands with options that they have', async () => {
    const commands = read('fleet.md').matchAll(
      /^ *quietproof (serve|worker|migrate) ((?:[^\n]*\\\n)*[^\n]*)/gm,
    );
    const found = [...commands].map(([, name, words]) => [name!, words!] as const);
    const [, started] = /^ExecStart=.* quietproof worker (.*)$/m.exec(read('quietproof-worker.service'))!;
    found.push(['worker', started!]);
    expect(new Set(found.map(([name]) => name)).size).toBeGreaterThan(1);
    for (const [name, words] of found) {
      const options = await optionsOf(name);
      for (const [word] of words.matchAll(/--[\w-]+/g)) expect(options, name).toContain(word);
    }
  });

  it('name metrics that there are', () => {
    const source = readFileSync('src/server/http/sealed/metrics.ts', 'utf8');
    const named = [read('keda-scaledobject.yaml'), read('fleet.md')]
      .join('\n')
      .matchAll(/\bquietproof_([a-z_]+)/g);
    const metrics = [...named].map(([, name]) => name!).filter((name) => name !== 'queue');
    expect(metrics.length).toBeGreaterThan(3);
    for (const name of metrics) expect(source, name).toContain(`'${name}'`);
  });

  it('scale as KEDA understands it', () => {
    const { apiVersion, kind, metadata, spec, ...rest } = parse(read('keda-scaledobject.yaml'));
    expect({ apiVersion, kind, rest }).toEqual({
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      rest: {},
    });
    expect(metadata.name).toMatch(/^[a-z0-9-]+$/);
    const { scaleTargetRef, triggers, ...numbers } = spec;
    expect(Object.keys(scaleTargetRef).sort()).toEqual(['apiVersion', 'kind', 'name']);
    expect(Object.keys(numbers).sort()).toEqual([
      'cooldownPeriod',
      'maxReplicaCount',
      'minReplicaCount',
      'pollingInterval',
    ]);
    for (const number of Object.values(numbers)) expect(Number.isInteger(number)).toBe(true);
    expect(spec.minReplicaCount).toBeLessThan(spec.maxReplicaCount);
    for (const { type, metadata: own, ...more } of triggers) {
      expect([type, more]).toEqual(['prometheus', {}]);
      // KEDA takes numbers as texts.
      expect(own.threshold).toMatch(/^\d+$/);
      expect(Object.keys(own).sort()).toEqual(['query', 'serverAddress', 'threshold']);
    }
  });

  const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!hasAnalyze)('are units that systemd takes', () => {
    const { stderr } = spawnSync('systemd-analyze', ['verify', 'docs/operator/quietproof-worker.service'], {
      encoding: 'utf8',
    });
    // What is not installed on this machine is no fault of the unit.
    const faults = stderr.split('\n').filter((line) => line.includes('quietproof-worker.service:'));
    expect(faults.filter((line) => !/is not executable/.test(line))).toEqual([]);
  });
});
