const WAIT_MS = 60_000;
const TRIES = 11;

/** The notices that a plan was signed or cancelled come every 60 s, 11 times in all (pages 4012286193, 4012286184). */
export const waitAfterSignPlanTryMs = (tryNumber: number): number | undefined =>
  tryNumber < TRIES ? WAIT_MS : undefined;
