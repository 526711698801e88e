declare module 'tenpay' {
  type Request = { readonly body: string; weixin?: unknown };
  type Response = { readonly header: () => void; readonly send: () => void };

  /** What of the client the bench uses, beside what the tests do. */
  export default interface Payment {
    /** Puts what a callback says into the request's `weixin`; does not call `next` when it refuses it. */
    middlewareForExpress(
      type: 'pay' | 'refund',
    ): (request: Request, response: Response, next: () => void) => Promise<void>;
  }
}
