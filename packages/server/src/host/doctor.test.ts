import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Finding, runDoctor } from './doctor.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sallyport-doctor-'));
  mkdirSync(join(dataDir, 'intel'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const findings = async (check: string, trusted?: string): Promise<readonly Finding[]> =>
  (
    await runDoctor({
      SALLYPORT_DATA_DIR: dataDir,
      ...(trusted === undefined ? {} : { SALLYPORT_TRUSTED_PROXIES: trusted }),
    })
  ).filter((finding) => finding.check === check);

it('shows the age of each list of a service; a damaged one with its line', async () => {
  expect(await findings('service-lists')).toMatchObject([
    { state: 'ok', sentence: expect.stringContaining('none of Tor') },
  ]);
  const file = (name: string): string => join(dataDir, 'intel', name);
  writeFileSync(file('tor.txt'), '192.0.2.1\n');
  writeFileSync(file('vpn.txt'), '192.0.2.1\n');
  utimesSync(file('vpn.txt'), Date.now() / 1000 - 60 * 86_400, Date.now() / 1000 - 60 * 86_400);
  writeFileSync(file('proxy.csv'), 'network\nnowhere\n');
  expect((await findings('service-lists')).map(({ state, sentence }) => `${state} ${sentence}`)).toEqual([
    expect.stringMatching(/^fault intel\/proxy\.csv is not read: line 2: nowhere/),
    'ok intel/tor.txt: 1 entries, 0 days old',
    'warning intel/vpn.txt: 1 entries, 60 days old',
  ]);
});

it('judges the trusted proxies as the server does', async () => {
  const states = async (trusted?: string): Promise<string[]> =>
    (await findings('trusted-proxies', trusted)).map(({ state }) => state);
  expect(await states()).toEqual(['ok']);
  expect(await states('127.0.0.1')).toEqual(['warning', 'warning']);
  expect(await states('0.0.0.0/1,128.0.0.0/1')).toEqual(['fault', 'warning']);
});
