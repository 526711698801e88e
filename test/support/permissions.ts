import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { listOf, objectOf, textOf } from '../../local/json.ts';
import { accountId, surroundingsOf } from '../../local/places.ts';
import { openTemplate, type Resource } from '../../local/template.ts';

/** An action of IAM on one resource, e.g. `sqs:SendMessage` on the ARN of a queue. */
export type Access = { readonly action: string; readonly resource: string };

export type Verdict = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

export type Permissions = {
  /** What the statements of the function's role name, as they name it: a resource may end in `*`. */
  readonly granted: (functionName: string) => readonly Access[];
  /** What IAM would answer the function, the policy of the resource included. */
  readonly verdictOn: (
    functionName: string,
    access: Access,
    transport?: 'TLS' | 'plain',
  ) => Promise<Verdict>;
};

/** The policies of a synthesized stack, with the names that the local stack gives its resources. */
export function readPermissions(cdkOut: string, stackName: string): Permissions {
  const file = join(cdkOut, `${stackName}.template.json`);
  const here = 'http://127.0.0.1:1';
  const template = openTemplate(
    JSON.parse(readFileSync(file, 'utf8')),
    surroundingsOf({
      stackName,
      sqs: here,
      api: here,
      parameters: { JwksUrl: here, TokenIssuer: here },
    }),
  );
  const documentOf = ({ properties, logicalId }: Resource) =>
    objectOf(template.resolve(properties['PolicyDocument']), logicalId);
  const roleIdOf = (functionName: string): string => {
    const made = template
      .resources('AWS::Lambda::Function')
      .find(({ properties }) => properties['FunctionName'] === `${stackName}-${functionName}`);
    const [id] = listOf(objectOf(made?.properties['Role'], functionName)['Fn::GetAtt'], 'Role');
    return textOf(id, 'Role');
  };
  const policiesOf = (functionName: string) => {
    const roleId = roleIdOf(functionName);
    const [role] = template.resources('AWS::IAM::Role').filter((one) => one.logicalId === roleId);
    if (role?.properties['ManagedPolicyArns'] ?? role?.properties['Policies']) {
      throw new Error(`${roleId} has policies that are not read here.`);
    }
    return template
      .resources('AWS::IAM::Policy')
      .filter(({ properties }) => refsOf(properties['Roles']).includes(roleId))
      .map((resource) => ({ name: resource.logicalId, policy: documentOf(resource) }));
  };
  const queuePolicies = new Map(
    template
      .resources('AWS::SQS::QueuePolicy')
      .flatMap((resource) =>
        refsOf(resource.properties['Queues']).map((queue) => [
          template.resolve({ 'Fn::GetAtt': [queue, 'Arn'] }),
          documentOf(resource),
        ]),
      ),
  );
  return {
    granted: (functionName) =>
      policiesOf(functionName).flatMap(({ policy }) => accessesOf(policy['Statement'])),
    verdictOn: async (functionName, { action, resource }, transport = 'TLS') => {
      const principal = template.resolve({ 'Fn::GetAtt': [roleIdOf(functionName), 'Arn'] });
      const answer = await runSimulation(
        {
          request: {
            principal: textOf(principal, functionName),
            action,
            resource: { resource, accountId },
            contextVariables: { 'aws:SecureTransport': String(transport === 'TLS') },
          },
          identityPolicies: policiesOf(functionName),
          serviceControlPolicies: [],
          resourceControlPolicies: [],
          resourcePolicy: queuePolicies.get(resource),
        },
        {},
      );
      if (answer.resultType === 'error') {
        throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
      }
      return answer.overallResult;
    },
  };
}

function accessesOf(statements: unknown): readonly Access[] {
  return listOf(statements, 'Statement').flatMap((statement) => {
    const { Effect, Action, Resource: resources, ...rest } = objectOf(statement, 'Statement');
    // Anything else would change what the statement means, and nobody here would know.
    if (Effect !== 'Allow' || Object.keys(rest).length > 0) {
      throw new Error(`Not a plain grant: ${JSON.stringify(statement)}`);
    }
    return [Action].flat().flatMap((action) =>
      [resources].flat().map((resource) => ({
        action: textOf(action, 'Action'),
        resource: textOf(resource, 'Resource'),
      })),
    );
  });
}

/** The logical ids in a list of `{ Ref: id }`. */
function refsOf(value: unknown): readonly string[] {
  return listOf(value, 'Refs').map((entry) => textOf(objectOf(entry, 'Ref')['Ref'], 'Ref'));
}
