/** The text before the operations. */
export const introduction = `The API by which a merchant's system places orders and refunds at WeChat Pay, looks at them, and has them closed or resolved; and sells plans of services by PayScore.

**Tokens.** \`Authorization: Bearer …\`, a JWT of your issuer with \`iss\`, \`aud\`, \`exp\`, \`tenant\` and \`scope\`; \`accounts\`, a list of names, narrows it. Each operation names its scope. An account of another tenant answers as one that does not exist.

**Repeating is safe.** A number names one order, one refund, or one plan, sign plan or service order of PayScore. The same bytes again are the same request; after a 503, or no answer at all, repeat it.

**What may come later.** Ignore fields of an answer that you do not know: later releases add some. A request with an unknown field is refused.

**Bodies** are JSON in UTF-8, 64 KB at most. They are read as JSON whatever their content type says.

**Money** is in fen: 8800 is 88.00 yuan. Requests of PayScore write numbers as whole ones: 100, neither 1e2 nor 100.0. **Times** of answers are UTC with milliseconds.

**Numbers in a path** are percent-encoded: \`|\` is \`%7C\`. A path may end in a slash.

**Problems** are problem details (RFC 9457), \`application/problem+json\`; decide by \`code\`, which is from a closed list. Answers of the API say \`Cache-Control: no-store\`.

**The gateway** before the API answers some requests by itself, as \`application/json\` with a \`message\`: 400 for a path that cannot be decoded, 404 outside \`/v1/\`, 413 over 10 MB, 429 when there are too many, 500 and 503 when the API does not answer.

**Events** tell what became of orders, refunds and PayScore plans: at least once, each with an id of its own, in order for each subject. Those of an account with a webhook are posted to it; the others lie in the queue \`events.fifo\`, as the same JSON.`;

export const refreshWords =
  '`true`: WeChat is asked first. Anything else, also a repeated parameter, is as if it were absent.';
