declare module 'tenpay' {
  type Fields = Readonly<Record<string, string | number>>;
  type Answer = Promise<Readonly<Record<string, string>>>;

  /** What of the client the tests use; it verifies every answer and throws the code of a refusal. */
  export default class Payment {
    constructor(config: {
      readonly appid: string;
      readonly mchid: string;
      readonly partnerKey: string;
      readonly pfx?: Buffer;
      readonly notify_url?: string;
    });
    /** Where each call goes. */
    urls: Readonly<Record<string, string>>;
    unifiedOrder(fields: Fields): Answer;
    orderQuery(fields: Fields): Answer;
    closeOrder(fields: Fields): Answer;
    micropay(fields: Fields): Answer;
    reverse(fields: Fields): Answer;
    refund(fields: Fields): Answer;
    refundQuery(fields: Fields): Answer;
  }
}
