import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Stack, startStack } from '../../../local/stack.ts';
import { until } from '../../../local/stack-client.ts';
import { type Synthesized, synthesize } from '../../../local/synthesize.ts';
import { type Access, type Permissions, readPermissions } from '../../support/permissions.ts';
import { accessesToTry, arn, inWords, recordAccesses } from './accesses.ts';
import { deadWebhook, goAllWays } from './all-paths.ts';

const functionNames = ['notify', 'confirm', 'watch', 'sweep', 'deliver', 'api'] as const;
type FunctionName = (typeof functionNames)[number];

/** Lambda's runtime writes what the function prints, in the function's name; a laptop reads the thread. */
const logging = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const logGroup = (name: FunctionName): string => arn('logs', `log-group:/wechatpay/dev/${name}:*`);

/** An event source mapping asks for a queue's attributes before it polls; a laptop reads the template. */
const polled: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  confirm: ['hints'],
  watch: ['timers'],
  deliver: ['webhooks.fifo', 'set-aside.fifo'],
};
const polling = (name: FunctionName): readonly Access[] =>
  (polled[name] ?? []).map((queue) => ({
    action: 'sqs:GetQueueAttributes',
    resource: arn('sqs', `wechatpay-dev-${queue}`),
  }));

/** The only grants that stand for many resources: an account may be added without a deployment. */
const accountSecrets = arn('secretsmanager', 'secret:wechatpay/dev/*');
const patternsOf = (name: FunctionName): readonly string[] => [accountSecrets, logGroup(name)];

function isWithin({ action, resource }: Access, grant: Access): boolean {
  const isUnder = grant.resource.endsWith('*') && resource.startsWith(grant.resource.slice(0, -1));
  return action === grant.action && (resource === grant.resource || isUnder);
}

describe('the policy of a function', () => {
  let built: Synthesized;
  let stack: Stack;
  let permissions: Permissions;
  let called: (name: FunctionName) => readonly Access[];

  /** What the function needs, as grants: its calls, widened to a pattern where one is argued for. */
  function needed(name: FunctionName): readonly Access[] {
    const ownLogs = logging.map((action) => ({ action, resource: logGroup(name) }));
    const calls = called(name).map(({ action, resource }) => {
      const pattern = { action, resource: accountSecrets };
      return isWithin({ action, resource }, pattern) ? pattern : { action, resource };
    });
    return [...calls, ...polling(name), ...ownLogs];
  }
  const notNeeded = (name: FunctionName): readonly string[] => {
    const needs = new Set(needed(name).map(inWords));
    return permissions
      .granted(name)
      .map(inWords)
      .filter((grant) => !needs.has(grant));
  };

  before(async () => {
    built = await synthesize('dev');
    permissions = readPermissions(built.cdkOut, 'wechatpay-dev');
    stack = await startStack({ cdkOut: built.cdkOut, schedules: false, webhook: deadWebhook });
    called = recordAccesses(stack);
    await goAllWays(stack);
    const isAllUsed = (): boolean => functionNames.every((name) => notNeeded(name).length === 0);
    // What the last messages lead to is still on its way. The tests tell what never came.
    await until('every grant in use', isAllUsed).catch(() => undefined);
  });
  after(async () => {
    await stack?.stop();
    await built?.remove();
  });

  for (const name of functionNames) {
    it(`lets ${name} make every call that it made`, async () => {
      assert.ok(called(name).length > 0);
      for (const access of called(name)) {
        assert.equal(await permissions.verdictOn(name, access), 'Allowed', inWords(access));
      }
    });

    it(`grants ${name} nothing that it does not use`, () => {
      assert.deepEqual(notNeeded(name), []);
    });

    it(`names every action and every resource of ${name} in full`, () => {
      for (const { action, resource } of permissions.granted(name)) {
        assert.doesNotMatch(action, /[*?]/);
        assert.ok(!/[*?]/.test(resource) || patternsOf(name).includes(resource), resource);
      }
    });

    it(`denies ${name} everything else`, async () => {
      const allowed: string[] = [];
      for (const access of accessesToTry(stack)) {
        const verdict = await permissions.verdictOn(name, access);
        if (verdict !== 'ImplicitlyDenied') {
          assert.equal(verdict, 'Allowed', inWords(access));
          allowed.push(inWords(access));
        }
      }
      const needs = needed(name);
      const wanted = accessesToTry(stack).filter((access) =>
        needs.some((need) => isWithin(access, need)),
      );
      assert.deepEqual(allowed, wanted.map(inWords));
    });
  }

  it('is not enough without TLS at a queue', async () => {
    const [hints] = stack.deployment.queues.filter(({ name }) => name === 'hints');
    const access = { action: 'sqs:SendMessage', resource: hints?.arn ?? '' };
    assert.equal(await permissions.verdictOn('notify', access), 'Allowed');
    assert.equal(await permissions.verdictOn('notify', access, 'plain'), 'ExplicitlyDenied');
  });
});
