// The built program, for many command lines one after the other in one process: what is loaded stays loaded, nothing else does.
// Takes { args, env, cwd } by IPC, answers { status, stdout, stderr }.
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

process.on('message', async ({ args, env, cwd }) => {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env, { TZ: 'UTC' });
  process.chdir(cwd);
  process.argv = [process.argv[0], 'hoptime', ...args];
  process.exitCode = undefined;
  const [stdout, stderr] = [[], []];
  listen(process.stdout, stdout);
  listen(process.stderr, stderr);
  const failed = await runCli(false);
  const text = (pieces) => Buffer.concat(pieces).toString();
  process.send({ status: failed || (process.exitCode ?? 0), stdout: text(stdout), stderr: text(stderr) });
});
