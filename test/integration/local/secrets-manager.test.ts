import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../../local/emulators.ts';
import { type SecretsManager, startSecretsManager } from '../../../local/secrets-manager.ts';

describe('the local Secrets Manager', () => {
  let server: SecretsManager;
  let client: SecretsManagerClient;

  before(async () => {
    server = await startSecretsManager('arn:aws:secretsmanager:us-east-1:000000000000:secret:');
    client = new SecretsManagerClient(clientSettings(server.origin, 'test'));
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  const get = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));

  it('gives the current value, by name and by ARN', async () => {
    await client.send(new CreateSecretCommand({ Name: 'a/one', SecretString: 'first' }));
    await client.send(new PutSecretValueCommand({ SecretId: 'a/one', SecretString: 'second' }));
    const found = await get('a/one');
    assert.equal(found.SecretString, 'second');
    assert.deepEqual(found.VersionStages, ['AWSCURRENT']);
    assert.equal((await get(found.ARN ?? '')).SecretString, 'second');
  });

  it('takes a value put from inside', async () => {
    server.put('a/two', 'inside');
    assert.equal((await get('a/two')).SecretString, 'inside');
  });

  it('has no value for a secret that is empty, as CloudFormation makes it', async () => {
    server.put('a/empty');
    await assert.rejects(get('a/empty'), { name: 'ResourceNotFoundException' });
  });

  it('knows no secret that was not made', async () => {
    await assert.rejects(get('a/none'), { name: 'ResourceNotFoundException' });
  });

  it('does not put a value into a secret that was not made', async () => {
    const put = client.send(new PutSecretValueCommand({ SecretId: 'a/no', SecretString: 'x' }));
    await assert.rejects(put, { name: 'ResourceNotFoundException' });
  });

  it('does not make a secret twice', async () => {
    server.put('a/there', 'x');
    const create = client.send(new CreateSecretCommand({ Name: 'a/there' }));
    await assert.rejects(create, { name: 'ResourceExistsException' });
  });

  it('refuses the calls it does not have', async () => {
    await assert.rejects(client.send(new ListSecretsCommand({})), {
      name: 'UnknownOperationException',
    });
  });
});
