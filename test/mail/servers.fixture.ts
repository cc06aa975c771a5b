import type { Product } from './packages.fixture';

/** Addresses of the trial's private network: none is 127.x, which would look like a content filter, and the sender's is one of TMES's. */
export const ADDRESSES = {
  hes: '18.185.115.12',
  mx1: '10.1.0.11',
  mx2: '10.1.0.12',
  mx3: '10.1.0.13',
  mbx1: '10.1.0.21',
  store1: '10.1.0.31',
  exim1: '10.1.0.51',
  send1: '10.1.0.61',
  policy: '10.1.0.71',
  taker: '10.1.0.41',
  dawdler: '10.1.0.42',
  deferrer: '10.1.0.43',
  refuser: '10.1.0.44',
} as const;
export type HostName = keyof typeof ADDRESSES;

export const nameOf = (host: HostName): string =>
  host === 'hes' ? 'inpost02.tmes.trendmicro.eu' : `${host}.corp.example`;

/** A server of the trial: its own root, files in it, and how it is started in the foreground. */
export interface MailServer {
  readonly host: HostName;
  readonly product: Product;
  readonly files: Readonly<Record<string, string>>;
  readonly command: string;
}

export const HOSTS_FILE = (Object.keys(ADDRESSES) as HostName[])
  .map((host) => `${ADDRESSES[host]} ${nameOf(host)} ${host}\n`)
  .join('');

/** Users that the packages' scripts would make, and their groups. */
export const USERS = [
  'postfix:901',
  'postdrop:902',
  'dovecot:903',
  'dovenull:904',
  'vmail:905',
  'Debian-exim:906',
  'smmta:907',
  'smmsp:908',
];

const service = (name: string, program: string, more: string): string => `${name} ${more} ${program}\n`;
const unix = (name: string, program = name, priv = '-', wakeup = '-', most = '-'): string =>
  service(name, program, `unix ${priv} - n ${wakeup} ${most}`);

const MASTER = [
  service('smtp', 'smtpd', 'inet n - n - -'),
  unix('pickup', 'pickup', 'n', '60', '1'),
  unix('cleanup', 'cleanup', 'n', '-', '0'),
  unix('qmgr', 'qmgr', 'n', '300', '1'),
  unix('rewrite', 'trivial-rewrite'),
  ...['bounce', 'defer', 'trace'].map((name) => unix(name, 'bounce', '-', '-', '0')),
  ...['verify', 'proxymap', 'smtp', 'error', 'discard', 'lmtp'].map((name) => unix(name)),
  unix('relay', 'smtp'),
  unix('retry', 'error'),
  unix('flush', 'flush', 'n', '1000?', '0'),
  ...['anvil', 'scache', 'tlsmgr'].map((name) => unix(name, name, '-', '-', '1')),
].join('');

/** Postfix that relays the domains of its transport table. */
export function postfix(
  host: HostName,
  transport: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): MailServer {
  const address = ADDRESSES[host];
  const main = [
    'compatibility_level = 3.6',
    `myhostname = ${nameOf(host)}`,
    'mydestination =',
    'mynetworks = 127.0.0.0/8',
    `relay_domains = ${Object.keys(transport).join(' ')}`,
    'transport_maps = texthash:/etc/postfix/transport',
    `inet_interfaces = ${address}`,
    'inet_protocols = ipv4',
    `smtp_bind_address = ${address}`,
    `lmtp_bind_address = ${address}`,
    'smtp_host_lookup = native',
    'lmtp_host_lookup = native',
    'smtpd_tls_security_level = none',
    'alias_maps =',
    'smtp_tls_security_level =',
    // Retries of seconds instead of minutes: the trial has no hours.
    'queue_run_delay = 1s',
    'minimal_backoff_time = 2s',
    'maximal_backoff_time = 3s',
    ...more,
  ];
  const table = Object.entries(transport).map(([domain, next]) => `${domain} ${next}\n`);
  return {
    host,
    product: 'postfix',
    files: {
      'etc/postfix/main.cf': `${main.join('\n')}\n`,
      'etc/postfix/master.cf': MASTER,
      'etc/postfix/transport': table.join(''),
    },
    command: 'chown postfix /var/lib/postfix && exec postfix start-fg',
  };
}

/** Dovecot's LMTP into maildirs below /out/mail. */
export function dovecot(host: HostName): MailServer {
  const config = `protocols = lmtp
ssl = no
mail_location = maildir:/out/mail/%d/%n
first_valid_uid = 900
log_path = /out/logs/dovecot.log
service lmtp {
  inet_listener lmtp {
    address = ${ADDRESSES[host]}
    port = 24
  }
}
userdb {
  driver = static
  args = uid=vmail gid=vmail home=/out/mail/%d/%n allow_all_users=yes
}
passdb {
  driver = static
  args = nopassword=y
}
`;
  return { host, product: 'dovecot', files: { 'etc/dovecot/dovecot.conf': config }, command: 'dovecot -F' };
}

/** Exim that sends everything on to the host that a domain's first label names, and writes a log of its own. */
export function exim(host: HostName): MailServer {
  const address = ADDRESSES[host];
  const config = `primary_hostname = ${nameOf(host)}
local_interfaces = ${address}
domainlist relay_domains = *.exim.example
acl_smtp_rcpt = acl_rcpt
log_file_path = /out/logs/exim-%slog
tls_advertise_hosts =
host_lookup = *
host_lookup_order = byaddr
spool_directory = /var/spool/exim4
never_users = root
begin acl
acl_rcpt:
  accept domains = +relay_domains
  deny
begin routers
onward:
  driver = manualroute
  domains = +relay_domains
  transport = onward
  route_data = \${extract{1}{.}{$domain}}.corp.example byname
begin transports
onward:
  driver = smtp
  interface = ${address}
begin retry
* * F,1h,2s
`;
  return {
    host,
    product: 'exim',
    files: { 'etc/exim4/exim4.conf': config },
    command: 'mkdir -p /var/spool/exim4 && chown Debian-exim /var/spool/exim4 && exec exim4 -bdf -q2s',
  };
}

/** Sendmail that hands everything to one next host. */
export function sendmail(host: HostName, next: HostName): MailServer {
  const address = ADDRESSES[host];
  const config = `include(\`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(\`debian')dnl
define(\`confDOMAIN_NAME', \`${nameOf(host)}')dnl
define(\`confSERVICE_SWITCH_FILE', \`/etc/mail/service.switch')dnl
define(\`confMIN_QUEUE_AGE', \`1s')dnl
define(\`SMART_HOST', \`esmtp:[${nameOf(next)}]')dnl
undefine(\`confCW_FILE')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`promiscuous_relay')dnl
DAEMON_OPTIONS(\`Addr=${address}, Name=MTA')dnl
CLIENT_OPTIONS(\`Addr=${address}')dnl
MAILER_DEFINITIONS
MAILER(\`smtp')dnl
`;
  return {
    host,
    product: 'sendmail',
    files: {
      'etc/mail/sendmail.mc': config,
      'etc/mail/service.switch': 'hosts files\naliases files\n',
      'etc/mail/aliases': '',
    },
    command:
      'cd /etc/mail && m4 sendmail.mc > sendmail.cf 2> /dev/null && mkdir -p /var/spool/mqueue && chmod 700 /var/spool/mqueue && exec /usr/libexec/sendmail/sendmail -L sm-mta -bD -q1s',
  };
}

/** rsyslog with one socket a host: mx1, mx3 and send1 in the classic form, mbx1 with ISO stamps, mx2 as RFC 5424. */
export function rsyslog(): MailServer {
  const forms: readonly (readonly [HostName, string])[] = [
    ['mx1', 'RSYSLOG_TraditionalFileFormat'],
    ['mx3', 'RSYSLOG_TraditionalFileFormat'],
    ['send1', 'RSYSLOG_TraditionalFileFormat'],
    ['mbx1', 'RSYSLOG_FileFormat'],
    ['mx2', 'RSYSLOG_SyslogProtocol23Format'],
  ];
  const config = [
    'module(load="imuxsock" SysSock.Use="off")',
    ...forms.map(([host]) => `input(type="imuxsock" Socket="/out/dev/${host}/log" HostName="${host}")`),
    ...forms.map(
      ([host, template]) =>
        `if $hostname == "${host}" then { action(type="omfile" file="/out/logs/${host}.log" template="${template}") stop }`,
    ),
  ];
  return {
    host: 'policy',
    product: 'rsyslog',
    files: { 'etc/rsyslog.conf': `${config.join('\n')}\n` },
    command: 'TZ=America/New_York exec rsyslogd -n -iNONE',
  };
}
