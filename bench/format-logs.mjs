// Logs of real shape for bench/formats.mjs: what each product writes for one message, with the noise around it. Names are fictional.

const SECOND = 1000;
const START = Date.UTC(2026, 2, 2, 6);
const iso = (ms) => new Date(ms).toISOString();
const dashed = (ms) => iso(ms).slice(0, 19).replace('T', ' ');
const B62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HEX = (n) => (0x10000000 + n * 7919).toString(16).toUpperCase();
const base62 = (n, width) => {
  let text = '';
  for (let rest = n; text.length < width; rest = Math.floor(rest / 62)) text = B62[rest % 62] + text;
  return text;
};
const facts = (n) => ({
  at: START + n * 130,
  messageId: `CAF${HEX(n)}=k${n}Qx@mail.partner${n % 50}.example`,
  sender: `sender${n % 997}@partner${n % 50}.example`,
  recipient: `user${n % 4001}@corp.example`,
  size: 2000 + ((n * 37) % 90_000),
});

function all(count, head, linesOf) {
  const parts = [head];
  for (let n = 0; n < count; n++) parts.push(linesOf(n, facts(n)));
  return parts.join('');
}

const postfix = (count) =>
  all(count, '', (n, { at, messageId, sender, recipient, size }) => {
    const id = HEX(n);
    const stamp = (ms) => `${iso(at + ms).slice(0, 23)}000+00:00 mx1`;
    const client = 'inpost01.tmes.trendmicro.eu[18.185.115.11]';
    return [
      `${stamp(0)} postfix/smtpd[4711]: connect from ${client}`,
      `${stamp(40)} postfix/smtpd[4711]: ${id}: client=${client}`,
      `${stamp(60)} postfix/cleanup[4715]: ${id}: message-id=<${messageId}>`,
      `${stamp(90)} postfix/qmgr[712]: ${id}: from=<${sender}>, size=${size}, nrcpt=1 (queue active)`,
      `${stamp(95)} postfix/smtpd[4711]: disconnect from ${client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`,
      `${stamp(400)} postfix/smtp[4720]: ${id}: to=<${recipient}>, relay=mbx1.corp.example[10.1.0.31]:25, delay=0.36, delays=0.05/0.01/0.1/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${HEX(n + 5)})`,
      `${stamp(401)} postfix/qmgr[712]: ${id}: removed`,
      '',
    ].join('\n');
  });

const sendmail = (count) =>
  all(count, '', (n, { at, messageId, sender, recipient, size }) => {
    const date = new Date(at);
    const parts = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((part) => B62[part]).join('');
    const id = `622${parts}${base62(n % 3600, 2)}${String(100000 + (n % 899999))}`;
    const stamp = (ms) => `${iso(at + ms).slice(0, 23)}000+00:00 mx1 sm-mta[${4711 + (n % 300)}]:`;
    const relay = 'inpost01.tmes.trendmicro.eu [18.185.115.11]';
    const to = n % 5 === 0 ? `<${recipient}>,<second${n % 997}@corp.example>` : `<${recipient}>`;
    return [
      `${stamp(0)} STARTTLS=server, relay=${relay}, version=TLSv1.3, verify=NO, cipher=TLS_AES_256_GCM_SHA384, bits=256/256`,
      `${stamp(60)} ${id}: from=<${sender}>, size=${size}, class=0, nrcpts=${n % 5 === 0 ? 2 : 1}, msgid=<${messageId}>, bodytype=8BITMIME, proto=ESMTPS, daemon=MTA-v4, relay=${relay}`,
      `${stamp(400)} ${id}: to=${to}, delay=00:00:01, xdelay=00:00:00, mailer=esmtp, pri=${120_000 + size}, relay=mbx1.corp.example. [10.1.0.31], dsn=2.0.0, stat=Sent (Ok: queued as ${HEX(n + 5)})`,
      '',
    ].join('\n');
  });

const exim = (count) =>
  all(count, '', (n, { at, messageId, sender, recipient, size }) => {
    const id = `${base62(Math.floor(at / SECOND), 6)}-${base62(n, 11)}-${base62(n % 1000, 4)}`;
    return [
      `${dashed(at + 1000)} ${id} <= ${sender} H=inpost01.tmes.trendmicro.eu [18.185.115.11] P=esmtps X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no S=${size} id=${messageId}`,
      `${dashed(at + 1500)} ${id} => ${recipient} R=smarthost T=remote_smtp H=mbx1.corp.example [10.1.0.31] X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=yes C="250 2.0.0 Ok: queued as ${HEX(n + 5)}"`,
      `${dashed(at + 1500)} ${id} Completed`,
      '',
    ].join('\n');
  });

const COLUMNS =
  'date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality,tenant-id,original-client-ip,original-server-ip,custom-data'.split(
    ',',
  );

function exchangeRows(n, { at, messageId, sender, recipient, size }) {
  const guid = `${HEX(n)}-39c5-46e7-130e-08d4a138ac67`;
  const row = (ms, values) => {
    const all = {
      'date-time': iso(at + ms),
      'internal-message-id': String(4_711_000_000_000 + n),
      'message-id': `<${messageId}>`,
      'network-message-id': guid,
      'recipient-address': recipient,
      'total-bytes': String(size),
      'recipient-count': '1',
      'message-subject': n % 4 === 0 ? '"Offer, final"' : 'Offer',
      'sender-address': sender,
      'return-path': sender,
      directionality: 'Incoming',
      'original-client-ip': '18.185.115.11',
      'original-server-ip': '10.1.0.50',
      ...values,
    };
    return COLUMNS.map((column) => all[column] ?? '').join(',');
  };
  return [
    row(0, {
      'client-ip': '10.1.0.50',
      'client-hostname': 'EX1',
      'server-ip': '10.1.0.50',
      'server-hostname': 'EX1',
      'source-context': `08DE${HEX(n)};${iso(at)};0`,
      'connector-id': 'EX1\\Default EX1',
      source: 'SMTP',
      'event-id': 'HARECEIVE',
    }),
    row(10, {
      'client-ip': '10.1.0.50',
      'client-hostname': 'EX1.corp.example',
      'server-ip': '10.1.0.50',
      'server-hostname': 'EX1',
      'source-context': `08DE${HEX(n)};${iso(at)};0`,
      'connector-id': 'EX1\\Default EX1',
      source: 'SMTP',
      'event-id': 'RECEIVE',
      'message-info': '0cI: NTS:',
      'custom-data': 'S:FirstForestHop=EX1.corp.example;S:DeliveryPriority=Normal;S:OriginalFromAddress=' + sender,
    }),
    row(60, {
      'client-hostname': 'EX1',
      source: 'AGENT',
      'event-id': 'AGENTINFO',
      'custom-data':
        'S:AMA=SUM|v=0|action=p|error=|atch=0;S:CompCost=|ETR=0;S:DeliveryPriority=Normal;S:OriginalFromAddress=' +
        sender,
    }),
    row(900, {
      'client-hostname': 'EX1',
      'server-hostname': 'EX1',
      'source-context': `08DE${HEX(n)};${iso(at + 800)};ClientSubmitTime:`,
      source: 'STOREDRIVER',
      'event-id': 'DELIVER',
      'message-info': `${iso(at)};LSRV=EX1.corp.example:TOTAL-DEL=0.900|SMR=0.010(SMRDE=0.005|SMRC=0.005)|CAT=0.200(CATRS=0.100)|QDM=0.300|SDD=0.300`,
      'custom-data': 'S:E2ELatency=0.900;S:DeliveryPriority=Normal',
    }),
    '',
  ].join('\r\n');
}

const exchange = (count) =>
  all(
    count,
    `#Software: Microsoft Exchange Server\r\n#Version: 15.02.1118.007\r\n#Log-type: Message Tracking Log\r\n#Date: ${iso(START)}\r\n#Fields: ${COLUMNS.join(',')}\r\n`,
    exchangeRows,
  );

const extended = (count) =>
  all(
    count,
    `${COLUMNS.map((name) => (name === 'date-time' ? 'date_time_utc' : name.replaceAll('-', '_'))).join(',')}\r\n`,
    exchangeRows,
  );

const trace = (count) =>
  all(count, '', (n, { at, messageId, sender, recipient, size }) => {
    const object = {
      Organization: 'corp.example',
      MessageId: `<${messageId}>`,
      Received: `${iso(at).slice(0, 23)}7658`,
      SenderAddress: sender,
      RecipientAddress: recipient,
      Subject: 'Offer',
      Status: 'Delivered',
      ToIP: '',
      FromIP: '18.185.115.11',
      Size: size,
      MessageTraceId: `${HEX(n)}-5edd-4350-130a-08da8f69e0f6`,
      StartDate: '2026-03-01T00:00:00Z',
      EndDate: '2026-03-03T00:00:00Z',
      Index: n,
    };
    return `${JSON.stringify(object)}\n`;
  });

const tracking = (count) =>
  all(count, '', (n, { at, messageId, sender, recipient, size }) => {
    const object = {
      genTime: `${iso(at + 6000).slice(0, 19)}Z`,
      timestamp: `${iso(at).slice(0, 19)}Z`,
      deliveryTime: `${iso(at + 4000).slice(0, 19)}Z`,
      sender,
      recipient,
      direction: 'in',
      messageID: `<${messageId}>`,
      mailID: `${HEX(n)}-0b1e-4a52-9c3f-000000000001`,
      subject: 'Offer',
      size,
      action: 'Delivered',
      tlsInfo: 'upstreamTLS: TLS 1.3; downstreamTLS: TLS 1.2',
      headerFrom: sender,
      headerTo: [recipient],
      senderIP: '203.0.113.25',
      deliveredTo: 'mx1.corp.example[192.0.2.11]:25',
      details: `250 2.0.0 Ok: queued as ${HEX(n)}`,
    };
    return `${JSON.stringify(object)}\n`;
  });

const CONSOLE =
  'Timestamp,Delivery Time,Direction,Sender,Recipient,Header From,Subject,Message ID,Mail ID,Sender IP,Delivered To,Size,Action,Details';

/** One row per state, of which the console exports the last (layout assumed). */
const consoleExport = (count) =>
  all(count, `${CONSOLE}\r\n`, (n, { at, messageId, sender, recipient, size }) => {
    const stamp = (ms) => `${iso(at + ms).slice(0, 19)}Z`;
    const subject = n % 4 === 0 ? '"Offer, final"' : 'Offer';
    const ids = `<${messageId}>,${HEX(n)}-0b1e-4a52-9c3f-000000000001`;
    return `${stamp(0)},${stamp(4000)},Incoming,${sender},${recipient},${sender},${subject},${ids},203.0.113.25,mx1.corp.example[192.0.2.11]:25,${size},Delivered,250 2.0.0 Ok: queued as ${HEX(n)}\r\n`;
  });

/** The same records as XML (layout assumed). */
const consoleXml = (count) =>
  `${all(
    count,
    '<?xml version="1.0" encoding="UTF-8"?>\n<mailTracking>\n',
    (n, { at, messageId, sender, recipient, size }) => {
      const stamp = (ms) => `${iso(at + ms).slice(0, 19)}Z`;
      const values = {
        Timestamp: stamp(0),
        Delivery_Time: stamp(4000),
        Direction: 'Incoming',
        Sender: sender,
        Recipient: recipient,
        Subject: n % 4 === 0 ? 'R&amp;D' : 'Offer',
        Message_ID: `&lt;${messageId}&gt;`,
        Mail_ID: `${HEX(n)}-0b1e-4a52-9c3f-000000000001`,
        Sender_IP: '203.0.113.25',
        Delivered_To: 'mx1.corp.example[192.0.2.11]:25',
        Size: String(size),
        Action: 'Delivered',
        Details: `250 2.0.0 Ok: queued as ${HEX(n)}`,
      };
      const elements = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
      return `<record>${elements.join('')}</record>\n`;
    },
  )}</mailTracking>\n`;

/** The first is what the others are measured by. */
export const LOGS = [
  { name: 'postfix.log', format: 'postfix', framing: 'lines', text: postfix },
  { name: 'sendmail.log', format: 'sendmail', framing: 'lines', text: sendmail },
  { name: 'exim-mainlog', format: 'exim', framing: 'lines', text: exim },
  { name: 'MSGTRK.log', format: 'exchange-tracking', framing: 'csv', text: exchange },
  { name: 'm365-extended.csv', format: 'm365-trace', framing: 'csv', text: extended },
  { name: 'hes-console.csv', format: 'trend-email-security', framing: 'csv', text: consoleExport },
  { name: 'hes-export.xml', format: 'trend-email-security', framing: 'xml', text: consoleXml },
  { name: 'm365-trace.ndjson', format: 'm365-trace', framing: 'json', text: trace },
  { name: 'hes-tracking.ndjson', format: 'trend-email-security', framing: 'json', text: tracking },
];

/** An mbox of mails that passed Trend: 6 Received fields each, and a body. */
export function mails(count) {
  const body = `${'Lorem ipsum dolor sit amet, consectetur adipisici elit, sed eiusmod tempor incidunt.\n'.repeat(40)}\n`;
  return all(count, '', (n, { at, messageId, sender, recipient }) => {
    const date = (ms) => new Date(at + ms).toUTCString().replace('GMT', '+0000');
    return (
      `From ${sender} ${new Date(at).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*/, '$1 $3 $2 $5 $4')}\n` +
      `Delivered-To: ${recipient}\n` +
      `Received: from mx1.corp.example (mx1.corp.example [10.1.0.11])\n\tby mbx1.corp.example (Postfix) with ESMTPS id ${HEX(n + 5)}\n\tfor <${recipient}>; ${date(9000)}\n` +
      `Received: from inpost01.tmes.trendmicro.eu (inpost01.tmes.trendmicro.eu [18.185.115.11])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n\tby mx1.corp.example (Postfix) with ESMTPS id ${HEX(n)}\n\tfor <${recipient}>; ${date(7000)}\n` +
      `Received: from 203.0.113.15_.trendmicro.com (unknown [172.21.9.8])\n\tby inpost01.tmes.trendmicro.eu (Postfix) with SMTP id ${HEX(n + 9)};\n\t${date(5000)} (UTC)\n` +
      `X-TM-MAIL-RECEIVED-TIME: ${((at + 3000) / 1000).toFixed(6)}\nX-TM-MAIL-UUID: ${HEX(n)}-0000-4000-8000-00000000aa01\n` +
      `Received: from mail.partner.example (unknown [203.0.113.15])\n\tby inpre01.tmes.trendmicro.eu (Trend Micro Email Security) with ESMTPS id ${HEX(n + 3)};\n\t${date(3000)} (UTC)\n` +
      `Received: from AM0PR02MB0003.partner.example (2001:db8:6::31) by\n AM0EUR02FT0042.partner.example (2001:db8:7::12) with Microsoft SMTP Server\n (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1835.12; ${date(1000)}\n` +
      `Received: from ada (host-7.partner.example [198.51.100.7]) by AM0PR02MB0003.partner.example\n with ESMTPSA id k${n}; ${date(0)}\n` +
      `X-TMASE-Version: StarCloud-1.3-9.1.1015-28246.001\nMessage-ID: <${messageId}>\nFrom: ${sender}\nTo: ${recipient}\nSubject: Offer\nDate: ${date(0)}\nMIME-Version: 1.0\nContent-Type: text/plain\n\n${body}\n`
    );
  });
}
