// Seconds that chDB needs to read the lines of a file and to do nothing with them: the floor. Started anew for each measurement.
const { Session } = require('chdb');

const session = new Session();
const path = process.argv[2].replace(/\\/g, '\\\\').replace(/'/g, "\\'");
session.query('SELECT 1');
const started = process.hrtime.bigint();
session.query(
  `INSERT INTO FUNCTION null('line String') SELECT line FROM file('${path}', 'LineAsString', 'line String')`,
);
console.log(Number(process.hrtime.bigint() - started) / 1e9);
session.close();
