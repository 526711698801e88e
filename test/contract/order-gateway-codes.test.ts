import { accountOfV2, accountWithCodes } from '../support/order-builder.ts';
import type { Shop } from './gateway-simulator.ts';
import { codePaymentContract } from './order-gateway-codes.contract.ts';
import { openFakeWorld, openWorld } from './order-gateway-worlds.ts';

for (const account of [accountWithCodes, accountOfV2]) {
  const name = `code payments over the fake, an account of API${account.api}`;
  codePaymentContract(name, () => openFakeWorld(account));
}

const shops: readonly Required<Shop>[] = [
  { api: 'v2', keyMode: 'public-key', signType: 'MD5' },
  { api: 'v2', keyMode: 'public-key', signType: 'HMAC-SHA256' },
  { api: 'v3', keyMode: 'public-key', signType: 'HMAC-SHA256' },
];
for (const shop of shops) {
  const name = `code payments over the simulator, an account of API${shop.api}, ${shop.signType}`;
  codePaymentContract(name, () => openWorld(shop));
}
