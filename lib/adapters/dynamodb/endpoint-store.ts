import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { EndpointStore } from '#core/deliveries.ts';
import type { Endpoint } from '#core/endpoint.ts';
import { AppError } from '#core/errors.ts';
import type { AccountName } from '#core/values/ids.ts';
import { fieldsOf, isCount, isObject } from '#core/values/json.ts';
import { isInstant } from '#core/values/time.ts';
import { updateBuilder } from './expression.ts';
import { outcomeOf, refusing } from './failures.ts';
import type { Item } from './item.ts';

/** `EndpointStore` on the same table as the records; nobody is to look at it, so it has no `dueAt`. */
export function createEndpointStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): EndpointStore {
  const { client, tableName: TableName } = options;
  return {
    load: async (account) => {
      const read = new GetItemCommand({ TableName, Key: keyItem(account), ConsistentRead: true });
      const { Item } = await refusing(() => client.send(read));
      return Item === undefined ? undefined : endpointOf(account, Item);
    },
    save: (account, { version, failing }) => {
      const builder = updateBuilder();
      builder.set('version', version);
      builder.setOrRemove('failing', failing);
      if (version === 1) {
        builder.requireAbsent('version');
      } else {
        builder.requireEquals('version', version - 1);
      }
      const Key = keyItem(account);
      return outcomeOf(() =>
        client.send(new UpdateItemCommand({ TableName, Key, ...builder.build() })),
      );
    },
  };
}

function keyItem(account: AccountName): Item {
  return { pk: { S: `endpoint#${account}` } };
}

function endpointOf(account: AccountName, item: Item): Endpoint {
  const fields = fieldsOf(unmarshall(item));
  const version = fields.required('version', isCount);
  const failing = fields.optional('failing', isFailing);
  const read = fields.result(() => ({ version, ...(failing !== undefined && { failing }) }));
  if (!read.ok) {
    throw new AppError('record_undecodable', `The endpoint of ${account} cannot be read.`);
  }
  return read.value;
}

function isFailing(value: unknown): value is NonNullable<Endpoint['failing']> {
  const fields = fieldsOf(isObject(value) ? value : undefined);
  fields.required('since', isInstant);
  fields.required('attempts', isCount);
  fields.required('nextTryAt', isInstant);
  fields.optional('downAt', isInstant);
  return fields.result(() => true).ok;
}
