import { keyModes, openSimulator, type Shop } from './gateway-simulator.ts';
import { payscoreGatewayContract } from './payscore-gateway.contract.ts';
import { openFake } from './payscore-gateway-fake.ts';
import { type PayscoreSite, service } from './payscore-gateway-harness.ts';

/** `textOn`: WeChat prints its numbers as text, as some of its own samples do. */
async function openSite(keyMode: Shop['keyMode'], textOn = false): Promise<PayscoreSite> {
  const simulator = await openSimulator({ api: 'v3', keyMode }, [service]);
  const { control, payscoreGateway } = simulator;
  await control('payscore-charges', { outcome: 'failing' });
  await control('payscore-texts', { on: textOn });
  const notice = 'lost';
  return {
    ...simulator,
    gateway: payscoreGateway,
    sign: (merchant_sign_plan_no) => control('payscore-sign', { merchant_sign_plan_no, notice }),
    userCancel: (merchant_sign_plan_no, type) =>
      control('payscore-user-cancel', { merchant_sign_plan_no, type, notice }),
    expire: (merchant_sign_plan_no) => control('payscore-expire', { merchant_sign_plan_no }),
    charge: (out_order_no) => control('payscore-pay', { out_order_no, notice }),
  };
}

payscoreGatewayContract('PayScore gateway over the fake', openFake);
for (const keyMode of keyModes) {
  const name = `PayScore gateway over the simulator, ${keyMode}`;
  payscoreGatewayContract(name, () => openSite(keyMode));
}
payscoreGatewayContract('PayScore gateway over the simulator, numbers as text', () =>
  openSite('public-key', true),
);
