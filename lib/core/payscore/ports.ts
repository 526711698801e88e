import type { Account } from '../account.ts';
import type {
  Appid,
  MerchantPlanNo,
  MerchantSignPlanNo,
  OutOrderNo,
  ServiceId,
} from '../values/ids.ts';
import type {
  PayscoreCommand,
  PlanEvidence,
  SendOutcome,
  ServiceOrderEvidence,
  SignPlanEvidence,
} from './evidence.ts';

/** A service order at WeChat, which wants to be told its service and appid. */
export type AskedServiceOrder = {
  readonly out_order_no: OutOrderNo;
  readonly service_id: ServiceId;
  readonly appid: Appid;
};

/** Signed APIv3 calls to WeChat Pay about PayScore plans. Every outcome is a value; nothing is thrown. */
export interface PayscoreGateway {
  queryPlan(account: Account, merchant_plan_no: MerchantPlanNo): Promise<PlanEvidence>;
  querySignPlan(account: Account, number: MerchantSignPlanNo): Promise<SignPlanEvidence>;
  queryServiceOrder(account: Account, asked: AskedServiceOrder): Promise<ServiceOrderEvidence>;
  /** Sends a command's exact body; repeating it is safe. */
  send(account: Account, command: PayscoreCommand): Promise<SendOutcome>;
}
