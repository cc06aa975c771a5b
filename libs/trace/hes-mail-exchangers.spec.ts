import { HES_MAIL_EXCHANGERS, hesRegionOf } from './hes-mail-exchangers';
import { HES_PUBLISHED_NETWORKS } from './hes-networks';

describe('hesRegionOf', () => {
  test.each([
    ['in.hes.trendmicro.com', 'hes', 'other'],
    ['IN.HES.TrendMicro.EU.', 'hes', 'EMEA'],
    ['corp.in.tmes.trendmicro.com', 'tmes', 'Americas, APAC'],
    ['corp-example.in.tmes.trendmicro.eu', 'tmes', 'EMEA'],
    ['corp.example.in.tmes-anz.trendmicro.com', 'tmes', 'Australia, New Zealand'],
    ['corp.in.tmems-jp.trendmicro.com', 'tmes', 'Japan'],
    ['corp.in.tmes-sg.trendmicro.com', 'tmes', 'Singapore'],
    ['corp.in.tmes-in.trendmicro.com', 'tmes', 'India'],
    ['corp.in.tmes-uae.trendmicro.com', 'tmes', 'UAE'],
    ['corp.in.tmes-br.trendmicro.com', 'tmes', ''],
  ])('%s', (host, service, region) => {
    expect(hesRegionOf(host)).toEqual({ service, region });
  });

  test.each([
    'mail.corp.example',
    'corp.relay.tmes.trendmicro.com',
    'in.tmes.trendmicro.com',
    'in.hes.trendmicro.com.evil.example',
    'xin.hes.trendmicro.com',
    'corp.in.tmes.trendmicro.example',
    '',
  ])('%j is no inbound host', (host) => {
    expect(hesRegionOf(host)).toBeUndefined();
  });

  it('has ranges for every region with inbound hosts, and inbound hosts for every region with ranges', () => {
    const names = (list: readonly { service: string; region: string }[]): string[] =>
      [...new Set(list.map(({ service, region }) => `${service} ${region}`))].sort();
    expect(names(HES_MAIL_EXCHANGERS)).toEqual(names(HES_PUBLISHED_NETWORKS));
  });
});
