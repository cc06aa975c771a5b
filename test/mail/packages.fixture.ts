import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneAtATime } from '../support/one-at-a-time';

/** Debian's packages of each server. They exclude each other, so they are unpacked, never installed. */
const PACKAGES = {
  postfix: ['postfix', 'libdb5.3', 'libicu72', 'libsasl2-2', 'libnsl2', 'libtirpc3'],
  dovecot: [
    'dovecot-core',
    'dovecot-lmtpd',
    'libexttextcat-2.0-0',
    'libsodium23',
    'libcap2',
    'liblz4-1',
    'libpcre2-32-0',
  ],
  exim: ['exim4-daemon-light', 'exim4-base', 'libidn12', 'libdb5.3', 'libgnutls-dane0', 'libunbound8'],
  sendmail: [
    'sendmail-bin',
    'sendmail-base',
    'sendmail-cf',
    'm4',
    'libsigsegv2',
    'libwrap0',
    'libdb5.3',
    'liblockfile1',
    'libsasl2-2',
    'libldap-2.5-0',
  ],
  rsyslog: ['rsyslog', 'libestr0', 'libfastjson4'],
} as const;
export type Product = keyof typeof PACKAGES;

const CACHE = join(tmpdir(), 'hoptime-mail-servers');

/**
 * The packages of a product, unpacked below one folder, from a cache that a machine keeps.
 * Throws one sentence that says what to do where they cannot be had.
 */
export function unpacked(product: Product): string {
  const folder = join(CACHE, product);
  if (existsSync(folder)) return folder;
  const part = join(CACHE, `${product}-${process.pid}`);
  const debs = join(part, 'debs');
  mkdirSync(debs, { recursive: true });
  const download = (): number | null =>
    spawnSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', ...PACKAGES[product]], { cwd: debs })
      .status;
  if (download() !== 0) {
    oneAtATime('apt-get', () => spawnSync('apt-get', ['-qq', 'update']));
    if (download() !== 0) {
      rmSync(part, { recursive: true });
      throw new Error(
        `The trial with real mail servers needs Debian 12 packages: apt-get download ${PACKAGES[product].join(' ')} failed.`,
      );
    }
  }
  const root = join(part, 'root');
  for (const deb of readdirSync(debs)) execFileSync('dpkg', ['-x', join(debs, deb), root]);
  // On the machine these are links into /usr, which folders of the same name would hide.
  const merged =
    'for d in bin sbin lib; do if [ -d $d ]; then mkdir -p usr/$d && cp -a $d/. usr/$d/ && rm -r $d; fi; done';
  execFileSync('sh', ['-c', merged], { cwd: root });
  try {
    renameSync(root, folder);
  } catch {
    // Another test process was quicker.
  }
  rmSync(part, { recursive: true, force: true });
  return folder;
}
