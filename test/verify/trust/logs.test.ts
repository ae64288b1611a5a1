import { describe, expect, test } from 'vitest';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { checkWitnesses, readCheckpoint } from '../../../src/verify/log/index.ts';
import { parseTrust, trustOfLog } from '../../../src/verify/trust/read-trust.ts';
import { trustWithLogs } from '../../conformance/make/v2/trust/honest.ts';
import { keyOf } from '../../conformance/make/v2/trust/signing.ts';

const ORIGIN = 'log.example/credit';
const signerOf = (name: string, kind: 'note' | 'cosignature') =>
  noteSigner(`${name}.example`, kind, keyOf(name));
const TEXT = `${ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`;
const RETIRED = Date.parse('2026-01-01T00:00:00Z') / 1000;
const NOW = RETIRED + 10_000;

function cosigned(...by: readonly (readonly [name: string, time: number])[]) {
  const lines = by.map(([name, time]) => signerOf(name, 'cosignature').signatureLine(TEXT, time));
  return readCheckpoint(`${TEXT}\n${signerOf('log', 'note').signatureLine(TEXT)}${lines.join('')}`);
}

describe('the logs of a trust file', () => {
  const read = (trust = trustWithLogs()) => trustOfLog(parseTrust(JSON.stringify(trust)), ORIGIN);

  test('name keys, and whom checkpoints must have been seen by', () => {
    const log = read();
    expect(log.keys.map(({ name }) => name)).toEqual(['log.example', 'log-2.example']);
    const seen = checkWitnesses(cosigned(['watch-w1', NOW - 5], ['seer', NOW]), log, NOW);
    expect(seen.sightings.map(({ witness }) => witness)).toEqual(['Watch', 'Seer']);
    expect(() => checkWitnesses(cosigned(['watch-w1', NOW]), log, NOW)).toThrow('QP7710');
    const other = trustOfLog(parseTrust(JSON.stringify(trustWithLogs())), 'log.example/fraud');
    expect(checkWitnesses(cosigned(), other, NOW).sightings).toEqual([]);
  });

  test('count a retired key before that time, and a compromised one never', () => {
    const checked = (time: number, trust = trustWithLogs()) =>
      checkWitnesses(cosigned(['watch-w0', time], ['seer', NOW]), read(trust), NOW).sightings.length;
    expect(checked(RETIRED - 1)).toBe(2);
    expect(() => checked(RETIRED)).toThrow('QP7710');
    const trust = trustWithLogs();
    trust.parties.Watch.witnessKeys[1].state = 'compromised';
    expect(() => checked(RETIRED - 1, trust)).toThrow('QP7710');
  });

  test('are not there for another origin', () => {
    const trust = parseTrust(JSON.stringify(trustWithLogs()));
    expect(() => trustOfLog(trust, 'log.example')).toThrow('QP7711');
  });
});
