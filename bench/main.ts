import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { areKept, jsonOf, type Row, type Section, tableOf } from './report.ts';
import { authorizationRow } from './rows/authorization.ts';
import { bundlesRow } from './rows/bundles.ts';
import { noticeRow } from './rows/notice.ts';
import { noticeV2Row } from './rows/notice-v2.ts';
import { orderLifeRow } from './rows/order-life.ts';
import { simulationRow } from './rows/simulation.ts';
import { webhooksRow } from './rows/webhooks.ts';

const rows: readonly Row[] = [
  noticeRow,
  noticeV2Row,
  authorizationRow,
  bundlesRow,
  orderLifeRow,
  simulationRow,
  webhooksRow,
];

const help = `Measures the budgets of the house on this machine, each against a floor in the same run.

  npm run bench                     prints tables
  npm run bench -- --json           one JSON object instead
  npm run bench -- --only <text>    only the rows whose name contains it
  npm run bench -- --help

Rows: ${rows.map(({ name }) => name).join(', ')}.
The exit code is 1 if a bound is missed. What cannot be measured here is printed as SKIPPED.
A machine that has nothing else to do measures best.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const chosen = rows.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) {
    throw new Error(`No row is named like ${values.only}.`);
  }
  const say = values.json ? () => undefined : (text: string) => process.stdout.write(`${text}\n`);
  const [loadAverage = 0] = loadavg();
  const cores = availableParallelism();
  if (loadAverage > cores) {
    say(`This machine is busy: a load of ${loadAverage.toFixed(1)} on ${cores} cores.`);
    say('Starts of processes suffer most from it. Measure again when it is quiet.\n');
  }
  const startedAt = performance.now();
  const sections: Section[] = [];
  for (const row of chosen) {
    for (const section of await row.measure()) {
      sections.push(section);
      say(tableOf(section));
    }
  }
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1));
  const isKept = areKept(sections);
  process.exitCode = isKept ? 0 : 1;
  say(`${isKept ? 'No' : 'A'} bound is missed. Node ${process.version}, ${seconds} s.`);
  if (values.json) {
    const machine = { node: process.version, cores, loadAverage };
    const whole = { ok: isKept, seconds, machine, sections: sections.map(jsonOf) };
    process.stdout.write(`${JSON.stringify(whole, undefined, 2)}\n`);
  }
}

await main();
