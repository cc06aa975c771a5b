// The built program, for many command lines one after the other in one process: what is loaded stays loaded, nothing else does.
// Listens at the socket of its argument; takes { args, env, cwd } as JSON over HTTP, answers { status, stdout, stderr } with texts in base64.
const { renameSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
require('reflect-metadata');
const { runCli } = require('../../dist/apps/cli/cli');

/** Puts what is written to a stream into `pieces`, as a program does that reads the end of a pipe. */
function listen(stream, pieces) {
  stream.write = (piece, encoding, done) => {
    pieces.push(Buffer.from(piece));
    const call = typeof encoding === 'function' ? encoding : done;
    if (call) setTimeout(call);
    return true;
  };
}

async function run({ args, env, cwd }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  // As main.ts does.
  Object.assign(process.env, env, { TZ: 'UTC' });
  process.chdir(cwd);
  process.argv = [process.argv[0], 'hoptime', ...args];
  const [stdout, stderr] = [[], []];
  listen(process.stdout, stdout);
  listen(process.stderr, stderr);
  const status = await runCli(false);
  if (process.env.PROGRAM_LOGS) {
    // as keep.cjs does for programs that are started
    const file = join(process.env.PROGRAM_LOGS, `${process.pid}-${process.hrtime.bigint()}.log`);
    writeFileSync(file, `${JSON.stringify({ serves: false, args })}\n${Buffer.concat(stderr).toString()}`);
  }
  const packed = (pieces) => Buffer.concat(pieces).toString('base64');
  return JSON.stringify({ status, stdout: packed(stdout), stderr: packed(stderr) });
}

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  response.end(await run(JSON.parse(Buffer.concat(pieces).toString())));
});
// Its name is there when it answers: a socket can be seen a moment before that.
const [, , path] = process.argv;
server.listen(`${path}.new`, () => renameSync(`${path}.new`, path));
process.on('disconnect', () => process.exit());
