import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from './inspect';
import { renderInspection } from './render-inspection';
import { duration } from './terminal-text';

const fixture = (name: string): Buffer =>
  readFileSync(join(__dirname, '../sources/formats/trace-headers/fixtures', name));
const render = (input: string | Uint8Array): string => inspect(input).map(renderInspection).join('\n');

describe('renderInspection', () => {
  it('prints the whole answer on 80 columns', () => {
    expect(render(fixture('tmes-retry-pool.eml'))).toBe(
      [
        'Message-ID       629738ca@smtp.partner.example',
        'Recipient        carol@home.example',
        'Seen by HES as   devel@lists.corp.example',
        'Passed HES       yes (Received by repre01.tmes.trendmicro.eu,',
        '                 repost01.tmes.trendmicro.eu, refb02.tmes.trendmicro.eu;',
        '                 X-TM-MAIL-UUID is present; X-TMASE-Version:',
        '                 StarCloud-1.3-9.0.1006-27210.001; handed over by',
        '                 refb02.tmes.trendmicro.eu)',
        'Transaction      6f1c0000-0000-4000-8000-00000000bb02',
        'HES accepted     2023-04-18T09:51:00.750Z by repre01.tmes.trendmicro.eu',
        'HES last stamp   2023-04-18T09:51:02.000Z by refb02.tmes.trendmicro.eu',
        'Retry pool       refb02.tmes.trendmicro.eu (first attempt refused, inferred)',
        'Next hop took it 2023-04-18T10:06:15.000Z by lists.corp.example',
        'HES held it      15 m 14 s: 1.2 s processing, 15 m 13 s waiting for the next hop',
        'After HES        5 s',
        'HES to mailbox   15 m 19 s',
        'Whole chain      15 m 20 s',
        'Longest at       hes (15 m 14 s)',
        '',
        ' # MTA                             received (UTC)        kept for  share',
        ' 1 repre01.tmes.trendmicro.eu*     2023-04-18 09:51:00        1 s  #',
        ' 2 repost01.tmes.trendmicro.eu*    2023-04-18 09:51:01        1 s  #',
        ' 3 refb02.tmes.trendmicro.eu*      2023-04-18 09:51:02  15 m 13 s  ##########',
        ' 4 lists.corp.example              2023-04-18 10:06:15        4 s  #',
        ' 5 lists.corp.example              2023-04-18 10:06:19        1 s  #',
        ' 6 mail.home.example               2023-04-18 10:06:20',
        '',
        'Greylisting: lists.corp.example says 31 m 53 s since the first attempt of that',
        '             sender (perhaps for an earlier mail); the stamps show a wait of 15',
        '             m 13 s',
        'Verdict: hes_waiting_on_downstream. HES waited because lists.corp.example did',
        "         not take the mail at the first attempt (inferred from Trend's retry",
        '         pool): allow the HES addresses there, and look for greylisting and 4xx',
        '         replies in its log.',
        '',
      ].join('\n'),
    );
  });

  it('keeps to 80 columns whatever the header holds, and lets no control character through', () => {
    const nasty = `Message-ID: <${'x'.repeat(300)}\u001b[31m@b.example>\nReceived: from a by \u001b[31m${'h'.repeat(200)}.example; Mon, 2 Mar 2026 08:00:00 +0000\n`;
    const lines = render(nasty).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('says when there is nothing to say', () => {
    expect(render('')).toBe(
      [
        'Message-ID       none',
        'Passed HES       unknown',
        '',
        'Problem: no mail header found',
        'Verdict: not to be decided. The text has no Received field: save the whole',
        '         message as EML or copy its complete internet headers.',
        '',
      ].join('\n'),
    );
  });
});

it.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [1_250, '1.2 s'],
  [59_000, '59 s'],
  [59_999, '59.9 s'],
  [995_000, '16 m 35 s'],
  [32_235_000, '8 h 57 m'],
  [266_400_000, '3 d 2 h'],
  [-22_385_000, '-6 h 13 m'],
])('%d ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
