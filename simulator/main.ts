import { parseArgs } from 'node:util';
import { createMerchant } from './merchant.ts';
import { startSimulator } from './server.ts';
import { KEY_MODES, type KeyMode } from './wechat-keys.ts';

const HELP = `A WeChat Pay, APIv3 and APIv2, on this machine, with one fresh merchant.

  node simulator/main.ts [options]

  --port <n>          port on 127.0.0.1 (8080; 0 takes a free one)
  --tls-port <n>      the same over HTTPS (8443)
  --key-mode <mode>   ${KEY_MODES.join(' | ')} (public-key)
  --deliver-outside   let notices leave this machine
  --help              this text

Prints the merchant, its keys and the simulator's own keys as JSON, then runs until Ctrl-C.
Control calls: see simulator/README.md.
`;

const OPTIONS = {
  port: { type: 'string', default: '8080' },
  'tls-port': { type: 'string', default: '8443' },
  'key-mode': { type: 'string', default: 'public-key' },
  'deliver-outside': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: OPTIONS, strict: true });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const port = readPort('--port', values.port);
  const tlsPort = readPort('--tls-port', values['tls-port']);
  const merchant = await createMerchant({ keyMode: readKeyMode(values['key-mode']) });
  const simulator = await startSimulator({
    port,
    tlsPort,
    merchants: [merchant],
    deliverOutside: values['deliver-outside'],
  });
  const { origin, tlsOrigin, certificateAuthority } = simulator;
  const keys = simulator.keys.get(merchant.mchid);
  const printed = {
    origin,
    tlsOrigin,
    certificateAuthority,
    control: `${origin}/_control`,
    merchant: { ...merchant, ...keys },
  };
  process.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
  const stop = () => {
    simulator.close().catch(fail);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
};

const readPort = (option: string, text: string): number => {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port > 65_535) throw new TypeError(`${option} ${text} is not a port`);
  return port;
};

const readKeyMode = (text: string): KeyMode => {
  const mode = KEY_MODES.find((known) => known === text);
  if (mode === undefined) throw new TypeError(`--key-mode ${text} is not known`);
  return mode;
};

const fail = (error: Error): void => {
  process.stderr.write(`simulator: ${error.message}\n`);
  process.exitCode = 1;
};

main().catch(fail);
