// node supervise.js SCRIPT [ARGUMENT...]
// Runs a script of Node.js until standard input ends, which the operating system ends with the tests, even if they are killed. What the
// script writes to either stream comes on standard output.
'use strict';
const { spawn } = require('node:child_process');

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 1, 1], windowsHide: true });
const end = () => child.kill('SIGKILL');

child.on('exit', code => process.exit(code ?? 1));
process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end);
