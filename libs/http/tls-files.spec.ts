import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { writeCertificate } from '../../test/support/certificates';
import { until } from '../../test/support/until';
import { TlsFiles } from './tls-files';

const folder = mkdtempSync(join(tmpdir(), 'hoptime-tls-'));
const notes: string[] = [];
let server: Server;
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function nameShown(): Promise<string> {
  return new Promise((done, failed) => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      done(socket.getPeerCertificate().subject.CN as string);
      socket.destroy();
    });
    socket.on('error', failed);
  });
}

it('takes a renewed pair while the server runs, and keeps the old one where the new one is none', async () => {
  const { cert, key } = writeCertificate(folder, 'first.example');
  const files = new TlsFiles(cert, key, (sentence) => notes.push(sentence), 20);
  server = createServer(files.pair, (_request, response) => response.end('ok'));
  files.renew(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  expect(await nameShown()).toBe('first.example');

  writeCertificate(folder, 'second.example');
  await until(() => notes.includes('the TLS certificate was renewed'));
  expect(await nameShown()).toBe('second.example');

  writeFileSync(cert, 'half a certificate');
  await until(() => notes.some((note) => note.includes('is not renewed')));
  expect(notes.filter((note) => note.includes('are no pair of certificate and key in PEM'))).toHaveLength(1);
  expect(await nameShown()).toBe('second.example');
  files.close();
});

it('says which file cannot be used', () => {
  const note = (): void => undefined;
  expect(() => new TlsFiles(join(folder, 'none.pem'), join(folder, 'key.pem'), note)).toThrow(
    /TLS_CERT .*none\.pem cannot be read/,
  );
});
