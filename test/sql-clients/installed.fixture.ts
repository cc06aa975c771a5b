import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installWhereMissing } from '../support/debian-packages';
import { oneAtATime } from '../support/one-at-a-time';
import { output } from './serving.fixture';

/** Where clients are kept between runs: fetching and building them takes a minute. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hoptime-tests');

const isThere = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0;

/** Installs what is missing by apt-get. @throws Error that says what to install where this may not */
function need(program: string, args: readonly string[], debianPackage: string): void {
  installWhereMissing([debianPackage], () => isThere(program, args));
  if (!isThere(program, args))
    throw new Error(`${program} is needed for this test: install it (Debian: ${debianPackage})`);
}

/** A folder of the cache that is made once: its name has the hash of what it is made from, its mark is set when it is whole. */
function made(name: string, sources: readonly string[], make: (folder: string) => void): string {
  const hash = createHash('sha256');
  for (const path of sources) hash.update(readFileSync(path));
  const folder = join(CACHE, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const mark = join(folder, 'whole');
  if (existsSync(mark)) return folder;
  return oneAtATime(name, () => {
    if (existsSync(mark)) return folder;
    mkdirSync(folder, { recursive: true });
    make(folder);
    writeFileSync(`${mark}.new`, '');
    renameSync(`${mark}.new`, mark);
    return folder;
  });
}

/** Python with what python/requirements.txt names. */
export function python(): string {
  const requirements = join(__dirname, 'python', 'requirements.txt');
  const folder = made('python', [requirements], (target) => {
    need('python3', ['-c', 'import ensurepip, sys; assert sys.version_info >= (3, 11)'], 'python3-venv');
    output('python3', ['-m', 'venv', target]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    output(join(target, 'bin', 'python'), pip);
  });
  return join(folder, 'bin', 'python');
}

/** The program of jdbc/Client.java, as arguments of java: with the driver of that version, as it is published for programs that bundle nothing. */
export function jdbc(version: string): string[] {
  const [pom, source] = ['pom.xml', 'Client.java'].map((name) => join(__dirname, 'jdbc', name));
  need('javac', ['-version'], 'default-jdk-headless');
  const jars = made('jdbc-jars', [pom], (target) => {
    need('mvn', ['-version'], 'maven');
    output('mvn', ['-q', '-B', '-f', pom, 'dependency:copy', `-Dtarget=${target}`]);
  });
  const classes = made('jdbc-client', [source], (target) => void output('javac', ['-d', target, source]));
  const path = [classes, join(jars, `clickhouse-jdbc-${version}-all.jar`), join(jars, 'slf4j-api.jar')];
  return ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m', '-cp', path.join(':')];
}

/** The program of go/client.go. */
export function goClient(): string {
  const sources = ['client.go', 'go.mod', 'go.sum'].map((name) => join(__dirname, 'go', name));
  const folder = made('go-client', sources, (target) => {
    need('go', ['version'], 'golang');
    output('go', ['build', '-o', join(target, 'client'), '.'], { cwd: join(__dirname, 'go') });
  });
  return join(folder, 'client');
}

/** curl itself. */
export function curl(): string {
  need('curl', ['--version'], 'curl');
  return 'curl';
}
