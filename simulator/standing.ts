/** What becomes of the next so many of a kind. */
export type Standing<P> = { readonly plan: P; remaining: number };

/** The plan for the next one; uses it up by one. Undefined when nothing was said. */
export const takePlan = <P>(standing: Standing<P>): P | undefined => {
  if (standing.remaining <= 0) return undefined;
  standing.remaining -= 1;
  return standing.plan;
};
