// node supervise.js PROGRAM [ARGUMENT...]
// Runs a program until standard input ends. The operating system ends it when the tests go, however they go: killed, too, they leave
// no witness behind. Nothing is asked of the program itself, and it works the same on every system.
'use strict';
const { spawn } = require('node:child_process');

const [program, ...options] = process.argv.slice(2);
const child = spawn(program, options, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });
const end = () => child.kill('SIGKILL');

child.on('error', error => {
    console.error(`${program} cannot be started: ${error.message}`);
    process.exit(127);
});
child.on('exit', code => process.exit(code ?? 1));
process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end);
