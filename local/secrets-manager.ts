import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { readBody } from './http-body.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import { closeServer, listenOnLoopback } from './listen.ts';

export type SecretsManager = {
  readonly origin: string;
  /** Creates the secret if it isn't there; without a value it is empty, as CloudFormation makes it. */
  readonly put: (name: string, value?: string) => void;
  readonly stop: () => Promise<void>;
};

type Secret = {
  readonly arn: string;
  readonly name: string;
  readonly createdAtMs: number;
  value?: { readonly text: string; readonly versionId: string };
};

type Answer = { readonly status: number; readonly body: JsonObject };

const bodyLimitBytes = 128 * 1024;

/**
 * The part of Secrets Manager that a laptop needs, in memory: GetSecretValue, CreateSecret and
 * PutSecretValue, each with the current version only.
 */
export async function startSecretsManager(arnPrefix: string): Promise<SecretsManager> {
  const secrets = new Map<string, Secret>();
  const put = (name: string, text?: string): Secret => {
    const secret: Secret = secrets.get(name) ?? {
      arn: `${arnPrefix}${name}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`,
      name,
      createdAtMs: Date.now(),
    };
    if (text !== undefined) {
      secret.value = { text, versionId: randomUUID() };
    }
    secrets.set(name, secret);
    return secret;
  };
  const server = createServer((request, response) => {
    readBody(request, bodyLimitBytes)
      .then((body) => {
        const input = body && parseJsonObject(body.toString('utf8'));
        const [target] = [request.headers['x-amz-target'] ?? []].flat();
        const action = target?.split('.').at(-1) ?? '';
        const answer =
          input === undefined
            ? refusal('InvalidRequestException')
            : act(action, input, secrets, put);
        response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer.body));
      })
      .catch(() => response.destroy());
  });
  const origin = await listenOnLoopback(server);
  return {
    origin,
    put: (name, value) => {
      put(name, value);
    },
    stop: () => closeServer(server),
  };
}

function act(
  action: string,
  input: JsonObject,
  secrets: ReadonlyMap<string, Secret>,
  put: (name: string, value?: string) => Secret,
): Answer {
  const { SecretId: id, Name: name, SecretString: text } = input;
  const secret = [...secrets.values()].find((entry) => entry.name === id || entry.arn === id);
  switch (action) {
    case 'GetSecretValue':
      return secret?.value === undefined
        ? refusal('ResourceNotFoundException')
        : answerOf(secret, { SecretString: secret.value.text, VersionStages: ['AWSCURRENT'] });
    case 'PutSecretValue':
      if (secret === undefined) {
        return refusal('ResourceNotFoundException');
      }
      return typeof text === 'string'
        ? answerOf(put(secret.name, text), { VersionStages: ['AWSCURRENT'] })
        : refusal('InvalidRequestException');
    case 'CreateSecret':
      if (typeof name !== 'string' || (text !== undefined && typeof text !== 'string')) {
        return refusal('InvalidRequestException');
      }
      return secrets.has(name) ? refusal('ResourceExistsException') : answerOf(put(name, text), {});
    default:
      return refusal('UnknownOperationException');
  }
}

function answerOf({ arn, name, createdAtMs, value }: Secret, rest: JsonObject): Answer {
  const version = value === undefined ? {} : { VersionId: value.versionId };
  const body = { ARN: arn, Name: name, CreatedDate: createdAtMs / 1000, ...version, ...rest };
  return { status: 200, body };
}

function refusal(code: string): Answer {
  return { status: 400, body: { __type: code, message: code } };
}
