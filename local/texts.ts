import type { DevFile } from './dev-file.ts';

export function helpText(usualPort: number): string {
  return `Runs the deployed template on this machine, with a simulated WeChat Pay.

  npm start -- [options]

  --port <n>    port of the API (${usualPort}); the simulator, SQS and DynamoDB take the next three;
                a port that is taken is replaced by a free one
  --speed <n>   let time run n times faster, up to 1000 (1)
  --webhook <u> account web of tenant web gets this webhook, http://127.0.0.1:… or https://…
  --webhook-key what its deliveries are signed with, whsec_… or whsk_…; again for one more
  --folder <d>  where dev.json and functions.log go (.local)
  --verbose     show what the functions write
  --help        this text

Writes .local/dev.json: all addresses, a token for the API, the account's keys and the simulator's own.
npm run -s token -- --help makes other tokens. Functions write to .local/functions.log. Only 127.0.0.1 is listened on; everything is in memory.
Ctrl-C stops it.
`;
}

export type SummaryOptions = {
  readonly speed: number;
  /** As the reader can type them. */
  readonly devFile: string;
  readonly logFile: string;
};

export function summaryText(dev: DevFile, { speed, devFile, logFile }: SummaryOptions): string {
  const { api, simulator, queues } = dev;
  const order =
    '{"trade_type":"NATIVE","description":"Tea","amount":{"total":100,"currency":"CNY"}}';
  return `
The stack is running${speed === 1 ? '' : `, ${speed} times faster than real time`}. Ctrl-C stops it.

  API          ${api}/v1/${dev.account.name}/orders/{out_trade_no}
  callbacks    ${dev.notifyUrl}
  WeChat Pay   ${simulator}   (simulated; simulator/README.md has its control calls)
  SQS          ${dev.sqs}
  DynamoDB     ${dev.dynamodb}   table ${dev.table}
  all of it    ${devFile}   (with the account's keys and a token)
  logs         ${logFile}

Place an order:
  TOKEN=$(node -p "JSON.parse(fs.readFileSync('${devFile}')).token")
  curl -X PUT ${api}/v1/${dev.account.name}/orders/ORDER-0001 \\
    -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '${order}'

Pay it, as the payer would:
  curl -X POST ${simulator}/_control/pay -d '{"mchid":"${dev.account.mchid}","out_trade_no":"ORDER-0001"}'

See what became of it:
  curl ${api}/v1/${dev.account.name}/orders/ORDER-0001 -H "Authorization: Bearer $TOKEN"

Read the events:
  curl ${dev.sqs} -H 'Content-Type: application/x-amz-json-1.0' \\
    -H 'X-Amz-Target: AmazonSQS.ReceiveMessage' \\
    -d '{"QueueUrl":"${queues.events}","MaxNumberOfMessages":10,"WaitTimeSeconds":5}'

`;
}
