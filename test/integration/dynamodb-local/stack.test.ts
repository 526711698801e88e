import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Stack, type StackOptions, startStack } from '../../../local/stack.ts';
import { type Synthesized, synthesize } from '../../../local/synthesize.ts';
import { startDynamodbLocal, whyNoDynamodbLocal } from '../../support/dynamodb-local.ts';
import { runApiSuite } from '../stack/api.suite.ts';
import { runNoticesSuite } from '../stack/notices.suite.ts';
import { runPaymentsSuite } from '../stack/payments.suite.ts';

describe('on DynamoDB Local', { skip: whyNoDynamodbLocal() }, () => {
  let built: Synthesized;
  before(async () => {
    built = await synthesize('dev');
  });
  after(() => built.remove());

  const servers: (string | null)[] = [];
  const start = async (options: StackOptions = {}): Promise<Stack> => {
    const { cdkOut } = built;
    const stack = await startStack({ ...options, cdkOut, dynamodb: startDynamodbLocal });
    const { headers } = await fetch(stack.dev.dynamodb);
    servers.push(headers.get('server'));
    return stack;
  };
  runApiSuite(start);
  runNoticesSuite(start);
  runPaymentsSuite(start);

  it('and on nothing else', () => {
    assert.equal(servers.length, 3);
    for (const server of servers) {
      assert.match(server ?? '', /^Jetty/);
    }
  });
});
