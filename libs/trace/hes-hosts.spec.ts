import { HES_HOST_SUFFIXES, HES_NETWORKS, isHesAddress, isHesHost, isNetwork } from './hes-hosts';
import { HES_PUBLISHED_NETWORKS } from './hes-networks';

describe('isHesHost', () => {
  test.each([
    'rout5.hes.trendmicro.com',
    'relayemea2.hes.trendmicro.eu',
    'in.hes.trendmicro.com',
    'INPOST02.TMES.TrendMicro.EU.',
    'corp.in.tmes-anz.trendmicro.com',
    'corp.in.tmems-jp.trendmicro.com',
    'corp.in.tmes-sg.trendmicro.com',
    'corp.in.tmes-uae.trendmicro.com',
    'corp.in.tmes-br.trendmicro.com',
    'prefilter.emailsecurity.trendmicro.eu',
  ])('%s is', (name) => {
    expect(isHesHost(name)).toBe(true);
  });

  test.each([
    '0.0.0.0_hes.trendmicro.com',
    '198.51.100.12_.trendmicro.com',
    'www.trendmicro.com',
    'in.hes.trendmicro.com.evil.example',
    'evilhes.trendmicro.com',
    'hes.trendmicro.example',
    'unknown',
    '',
  ])('%j is not', (name) => {
    expect(isHesHost(name)).toBe(false);
  });

  test('every suffix is a whole label', () => {
    for (const suffix of HES_HOST_SUFFIXES) {
      expect(isHesHost(`x${suffix}`)).toBe(true);
      expect(isHesHost(`x-${suffix.slice(1)}`)).toBe(false);
    }
  });
});

describe('isHesAddress', () => {
  test.each([
    ['54.219.188.5', true], // rout5
    ['52.58.63.51', true], // rfoutemea1
    ['52.48.127.233', true], // rsoutemea1b
    ['18.208.22.119', true],
    ['18.185.115.55', true],
    ['52.48.127.191', false], // one below 52.48.127.192/26
    ['52.48.127.192', true],
    ['52.48.127.255', true],
    ['52.58.63.127', true],
    ['52.58.63.128', false], // one above 52.58.63.0/25
    ['54.193.4.136', false], // rfout1: seen, never published
    ['::ffff:54.219.188.5', true],
    ['[54.219.188.5]', true],
    ['IPv6:::ffff:54.219.188.5', true],
    ['2001:db8::1', false],
    ['54.219.188', false],
    ['', false],
  ])('%s: %s', (ip, expected) => {
    expect(isHesAddress(ip)).toBe(expected);
    expect(isHesAddress(ip)).toBe(expected);
  });

  test('the configuration adds networks and addresses', () => {
    const extra = ['54.193.4.0/24', '203.0.113.7', '2001:db8::/32', 'nonsense', '10.0.0.0/33'];
    expect(['54.193.4.136', '203.0.113.7', '2001:db8::1', '54.219.188.5'].map((ip) => isHesAddress(ip, extra))).toEqual(
      [true, true, true, true],
    );
    expect(['203.0.113.8', '2001:db9::1', '10.0.0.1'].map((ip) => isHesAddress(ip, extra))).toEqual([
      false,
      false,
      false,
    ]);
    expect(isHesAddress('203.0.113.7')).toBe(false);
  });
});

test('what a network is', () => {
  expect(['192.0.2.0/24', '192.0.2.1', '2001:db8::/32', '::1/128'].every(isNetwork)).toBe(true);
  expect(['192.0.2.0/33', '192.0.2/24', '::/129', '192.0.2.0/', '192.0.2.0/8/8', 'a.example', ''].some(isNetwork)).toBe(
    false,
  );
});

test('the published list: every entry is a network, none is named twice', () => {
  expect(HES_NETWORKS).toHaveLength(29);
  expect(new Set(HES_NETWORKS).size).toBe(29);
  expect(HES_NETWORKS.every(isNetwork)).toBe(true);
  expect(HES_PUBLISHED_NETWORKS.filter(({ service }) => service === 'hes')).toHaveLength(6);
});
