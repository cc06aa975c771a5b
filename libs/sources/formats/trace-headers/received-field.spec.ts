import { readDate } from './received-date';
import { parseReceived } from './received-field';

const EMPTY = {
  by: '',
  helo: '',
  peer: '',
  peerAddress: '',
  queueId: '',
  recipient: '',
  originalRecipient: '',
  software: '',
  date: '',
};

describe('parseReceived', () => {
  it('takes the verified name of Postfix, not the HELO', () => {
    expect(
      parseReceived(
        'from liar.example (real.example [192.0.2.1]) (using TLSv1.3; x) by mx.example (Postfix) with ESMTPS id 4F2A7 for <Bob@Corp.Example>; Mon, 2 Mar 2026 08:00:00 +0100 (CET)',
      ),
    ).toEqual({
      ...EMPTY,
      by: 'mx.example',
      helo: 'liar.example',
      peer: 'real.example',
      peerAddress: '192.0.2.1',
      queueId: '4F2A7',
      recipient: 'bob@corp.example',
      software: 'Postfix',
      date: 'Mon, 2 Mar 2026 08:00:00 +0100 (CET)',
    });
  });

  it.each([
    ['unknown to Postfix', 'from a.example (unknown [192.0.2.1]) by b.example; x', '', '192.0.2.1'],
    [
      'forged, says Sendmail',
      'from a.example (b.example [192.0.2.1] (may be forged)) by c.example (8.17.1/8.17.1); x',
      '',
      '192.0.2.1',
    ],
    ['ident before the name', 'from a.example (root@b.example [192.0.2.1]) by c.example; x', 'b.example', '192.0.2.1'],
    [
      'Gmail with final dot',
      'from a.example (b.example. [192.0.2.1]) by mx.mail.example with ESMTPS id 1; x',
      'b.example',
      '192.0.2.1',
    ],
    ['IPv6 of Postfix', 'from a.example (b.example [IPv6:2001:db8::1]) by c.example; x', 'b.example', '2001:db8::1'],
    [
      'Exim, verified',
      'from b.example ([192.0.2.1] helo=a.example) by c.example with esmtps (Exim 4.96) id 1; x',
      'b.example',
      '192.0.2.1',
    ],
    [
      'Exim, not verified',
      'from [192.0.2.1] (port=4 helo=a.example) by c.example with esmtp (Exim 4.96) id 1; x',
      '',
      '192.0.2.1',
    ],
    ['HELO only', 'from a.example ([192.0.2.1]) by c.example with ESMTP id 1; x', '', '192.0.2.1'],
    [
      'Exchange',
      'from A.example (192.0.2.1) by B.example (192.0.2.2) with Microsoft SMTP Server id 15.0.1.2; x',
      '',
      '192.0.2.1',
    ],
    [
      'Exchange mapi',
      'from A.example ([fe80::1%3]) by B.example ([fe80::1%3]) with mapi id 15.01.0002.003; x',
      '',
      'fe80::1',
    ],
    [
      'zmailer',
      'from b.example ([192.0.2.1]:567 "EHLO a.example" rhost-flags-OK-OK-OK-OK) by v.example with ESMTP id S1; x',
      'b.example',
      '192.0.2.1',
    ],
    [
      'zmailer, failed',
      'from b.example ([192.0.2.1]:567 "EHLO a.example" rhost-flags-OK-FAIL-OK-OK) by v.example with ESMTP id S1; x',
      '',
      '192.0.2.1',
    ],
    ['qmail', 'from unknown (HELO ?10.8.0.6?) (192.0.2.1) by q.example with SMTP; x', '', '192.0.2.1'],
    [
      'bracket around brackets',
      'from a.example [(192.0.2.1)] by g.example (Generic MTA) with ESMTP id 5; x',
      '',
      '192.0.2.1',
    ],
    ['literal only', 'from [192.0.2.1] by g.example (ESMTP) with id ; x', '', '192.0.2.1'],
  ])('peer: %s', (_, body, peer, peerAddress) => {
    expect(parseReceived(body)).toMatchObject({ peer, peerAddress });
  });

  it.each([
    ['15.20.1835.12', ''],
    ['15.00.1293.004', ''],
    ['15.20.7828.25 via Frontend Transport', ''],
    ['S1725996AbfD3IRN (ORCPT <rfc822;c@d.example>)', 'S1725996AbfD3IRN'],
    ['1haK8g-0006wR-Ky for c@d.example', '1haK8g-0006wR-Ky'],
    ['', ''],
  ])('queue id of `id %s` is `%s`: Exchange prints its version there', (id, queueId) => {
    expect(parseReceived(`from a.example by b.example with X id ${id}; Mon, 2 Mar 2026 08:00:00 +0000`).queueId).toBe(
      queueId,
    );
  });

  it('reads for and ORCPT of zmailer, and a field that begins with a comment', () => {
    const body =
      '(majordomo@v.example) by v.example via listexpand id S17 (ORCPT <rfc822;lists+devel@Home.example>); Tue, 30 Apr 2019 04:17:14 -0400';
    expect(parseReceived(body)).toMatchObject({
      by: 'v.example',
      queueId: 'S17',
      originalRecipient: 'lists+devel@home.example',
      recipient: '',
    });
  });

  it.each([
    [
      'content filter',
      'from mx.example ([127.0.0.1]) by localhost (mx.example [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id k; x',
      'mx.example',
    ],
    [
      'filter that names no host',
      'from mx.example ([127.0.0.1]) by localhost (.example [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id k; x',
      'mx.example',
    ],
    [
      'nothing better',
      'from other.example (other.example [192.0.2.1]) by localhost (Postfix) with ESMTP id k; x',
      'localhost',
    ],
    ['name of two words', 'from a.example ([192.0.2.1]) by Forcepoint Email with ESMTPS id F0; x', 'Forcepoint Email'],
    ['Gmail, an address', 'by 2002:a05:6000:1 with SMTP id k; x', '2002:a05:6000:1'],
    ['final dot', 'from a.example by b.example. with SMTP id k; x', 'b.example'],
    ['local submission', 'by mx.example (Postfix, from userid 1000) id 3F; x', 'mx.example'],
    ['broken', 'from EGR authenticated sender dora', ''],
  ])('by: %s', (_, body, by) => {
    expect(parseReceived(body).by).toBe(by);
  });

  it('survives brackets that never close and very long fields', () => {
    expect(parseReceived('from a.example (unknown [192.0.2.1] by b.example; Mon, 2 Mar 2026 08:00:00 +0000').date).toBe(
      'Mon, 2 Mar 2026 08:00:00 +0000',
    );
    expect(parseReceived('('.repeat(1_000_000)).by).toBe('');
    expect(parseReceived(`by b.example id ${'x'.repeat(1_000_000)} ; Mon, 2 Mar 2026 08:00:00 +0000`).date).toBe(
      'Mon, 2 Mar 2026 08:00:00 +0000',
    );
  });
});

describe('readDate', () => {
  const at = (text: string, timeZone?: string): string | undefined => {
    const stamp = readDate(text, { timeZone, fileTime: Date.UTC(2026, 0, 1) });
    return stamp && `${new Date(stamp.time).toISOString()} ${stamp.resolutionMs}`;
  };

  it.each([
    ['Tue, 30 Apr 2019 04:17:14 -0400', '2019-04-30T08:17:14.000Z 1000'],
    ['21 Apr 2018 03:01:01 -0000', '2018-04-21T03:01:01.000Z 1000'],
    ['Fri, 12 Jun 2026 09:14:51 GMT', '2026-06-12T09:14:51.000Z 1000'],
    ['Sat, 6 Jul 2019 11:38:57 +0800 (GMT-8) (envelope-from a@b.example)', '2019-07-06T03:38:57.000Z 1000'],
    ['Sat, 10 Sep 2022 14:52:06.144 +0000 (UTC)', '2022-09-10T14:52:06.144Z 1'],
    ['2022-09-10 17:02:57.621829529 +0000 UTC m=+1363723.631', '2022-09-10T17:02:57.621Z 1'],
    ['Mon, 2 Mar 2026 08:00:00 +0000 by accident', '2026-03-02T08:00:00.000Z 1000'],
    ['Mon, 2 Mar 2026 08:00', undefined],
    ['', undefined],
    ['yesterday', undefined],
  ])('%s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it('needs the zone that a stamp lacks', () => {
    expect(at('Mon, 2 Mar 2026 08:00:00')).toBeUndefined();
    expect(at('Mon, 2 Mar 2026 08:00:00', 'Europe/Berlin')).toBe('2026-03-02T07:00:00.000Z 1000');
  });
});
