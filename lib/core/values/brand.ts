declare const brand: unique symbol;

/** A value that went through its own check: a plain string is not an `OutTradeNo`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
