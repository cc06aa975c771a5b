import { createServer } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { SMTPServer } from 'smtp-server';

/**
 * The parts of the trial that are the test's own, inside its network: a sender that plays HES, sinks, and a greylisting policy. Each writes down by
 * its own clock what happened: `process.send({ truth })`. Told by messages: `{ sinks, policy }`, then `{ send }` per mail; `{ end }` ends it.
 */
const BEAT_MS = 5;
const told = (event) => process.send({ truth: { at: Date.now(), ...event } });

/** A next MTA that takes, dawdles, defers the first attempt, or refuses. */
function sink({ address, name, behaviour }) {
  const tried = new Set();
  const server = new SMTPServer({
    name,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    // Exim sends QUIT together with the end of DATA where it may, and this server then answers neither.
    hidePIPELINING: true,
    logger: false,
    onRcptTo({ address: recipient }, _session, done) {
      if (behaviour === 'refuse') {
        told({ who: name, what: 'refused', recipient });
        return done(Object.assign(new Error('5.1.1 no such mailbox'), { responseCode: 550 }));
      }
      if (behaviour === 'defer' && !tried.has(recipient)) {
        tried.add(recipient);
        told({ who: name, what: 'deferred', recipient });
        return done(Object.assign(new Error('4.2.0 mailbox busy'), { responseCode: 451 }));
      }
      return done();
    },
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk) => (text += chunk));
      stream.on('end', () => {
        setTimeout(
          () => {
            for (const { address: recipient } of session.envelope.rcptTo) {
              told({
                who: name,
                what: 'accepted',
                recipient,
                messageId: /^message-id:\s*<(.*)>/im.exec(text)?.[1] ?? '',
              });
            }
            done(null, '2.0.0 taken');
          },
          behaviour === 'dawdle' ? 1500 : 0,
        );
      });
    },
  });
  server.on('error', () => undefined);
  return new Promise((listening) => server.listen(25, address, listening));
}

/** Postfix's policy delegation: the first attempt at a recipient whose name begins with `grey` is put off. */
function policy({ address, port }) {
  const tried = new Set();
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const recipient = /^recipient=(.*)$/m.exec(text.slice(0, end))?.[1] ?? '';
        text = text.slice(end + 2);
        const isFirst = recipient.startsWith('grey') && !tried.has(recipient);
        tried.add(recipient);
        socket.write(isFirst ? 'action=450 4.2.0 Greylisted, come back later\n\n' : 'action=DUNNO\n\n');
      }
    });
  });
  return new Promise((listening) => server.listen(port, address, listening));
}

/** One transaction of the sender, from HES's address; answers the reply and when it came. */
function attempt({ from, host, name, sender, recipient, messageId }) {
  return new Promise((done) => {
    const connection = new SMTPConnection({ host, port: 25, localAddress: from, name, ignoreTLS: true });
    const over = (reply, ok) => {
      connection.close();
      done({ at: Date.now(), reply, ok });
    };
    connection.once('error', (error) => over(error.response ?? error.message, false));
    connection.connect(() => {
      const header = [`From: <${sender}>`, `To: <${recipient}>`, `Message-ID: <${messageId}>`, 'Subject: trial'];
      const text = `${header.join('\r\n')}\r\n\r\nA body.\r\n`;
      connection.send({ from: sender, to: [recipient] }, text, (error, info) => {
        over(error ? (error.response ?? error.message) : info.response, !error);
      });
    });
  });
}

/** HES: takes a mail, works on it, tries until it is rid of it, and says when. */
async function send(mail) {
  const receivedAt = Date.now();
  await new Promise((done) => setTimeout(done, mail.workMs));
  const attempts = [];
  for (;;) {
    const result = await attempt(mail);
    attempts.push(result);
    if (result.ok || attempts.length === 5) break;
    await new Promise((done) => setTimeout(done, mail.retryMs));
  }
  told({ who: 'hes', what: 'sent', recipient: mail.recipient, messageId: mail.messageId, receivedAt, attempts });
}

/** Says when this machine let it run later than it was due, by how much: so late may others be too that write down what they did. */
function metronome() {
  const dueAt = Date.now() + BEAT_MS;
  setTimeout(() => {
    const ms = Date.now() - dueAt;
    if (ms > BEAT_MS) process.send({ late: { at: Date.now(), ms } });
    metronome();
  }, BEAT_MS);
}
metronome();

process.on('message', (message) => {
  if (message.sinks) {
    void Promise.all([...message.sinks.map(sink), policy(message.policy)]).then(() => process.send({ ready: true }));
  }
  if (message.send) void send(message.send);
  if (message.end) process.exit(0);
});
process.on('disconnect', () => process.exit(0));
