import assert from 'node:assert/strict';
import type { Stack } from '../../../local/stack.ts';

/** Runs a request that must fail and proves that it wrote nothing and asked WeChat nothing. */
export async function untouched<T>(stack: Stack, act: () => Promise<T>): Promise<T> {
  const writes = (): number =>
    [...stack.gates.dynamodb.counts()].reduce(
      (sum, [name, count]) => (/^api (?:Put|Update)Item$/.test(name) ? sum + count : sum),
      0,
    );
  const calls = async (): Promise<unknown> => (await stack.control('calls?limit=1')).text;
  const [wrote, called] = [writes(), await calls()];
  const answer = await act();
  assert.equal(writes(), wrote, 'nothing is written');
  assert.equal(await calls(), called, 'WeChat is not called');
  return answer;
}
