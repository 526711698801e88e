/** A call of the API as it came over the wire. */
export type ApiCall = {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly target: string;
  /** Every value of each header, by lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Uint8Array;
  /** DER of the certificate that the caller showed; absent over plain HTTP. */
  readonly clientCertificate?: Uint8Array | undefined;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** `hold` never answers, `reset` breaks the connection. */
export type Outcome = HttpAnswer | 'hold' | 'reset';
