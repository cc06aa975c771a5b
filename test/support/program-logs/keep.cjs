// Loaded into every Node.js process that the tests start (NODE_OPTIONS, setup.ts). Where that is the built program, what it says on standard error goes to a
// file too, byte for byte as it is written, so that a kill loses nothing; of what serves or works, also standard output, since that is no answer.
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

const folder = process.env.PROGRAM_LOGS;
const [, app] = /[\\/]dist[\\/]apps[\\/](cli|worker)[\\/]main\.js$/.exec(process.argv[1] ?? '') ?? [];
if (folder && app && isMainThread) {
  const args = process.argv.slice(2);
  const serves = app === 'worker' || args[0] === 'serve';
  const file = join(folder, `${process.pid}-${process.hrtime.bigint()}.log`);
  const keep = (piece) => {
    try {
      appendFileSync(file, piece);
    } catch (error) {
      // Some tests limit what the program may write, and look how it ends.
      if (error.code !== 'EFBIG') throw error;
    }
  };
  keep(`${JSON.stringify({ serves, args })}\n`);
  for (const stream of serves ? [process.stderr, process.stdout] : [process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (piece, ...more) => {
      keep(piece);
      return write(piece, ...more);
    };
  }
}
