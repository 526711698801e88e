import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ClaimKey, ClaimStore } from '#core/claims.ts';
import { AppError } from '#core/errors.ts';
import type { WriteOutcome } from '#core/ports.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { isAccountName, isMchid, isOutTradeNo } from '#core/values/ids.ts';
import { updateBuilder } from './expression.ts';
import { outcomeOf, refusing } from './failures.ts';
import type { Item } from './item.ts';

/** `ClaimStore` on the same table as the records; a claim has no `dueAt`, for nobody looks at it. */
export function createClaimStore(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): ClaimStore {
  const { client, tableName: TableName } = options;

  function setIfSeen(
    key: ClaimKey,
    name: 'owner' | 'placed',
    order: OrderName,
    seen: OrderName | undefined,
  ): Promise<WriteOutcome> {
    const builder = updateBuilder();
    builder.set(name, textOf(order));
    if (seen === undefined) {
      builder.requireAbsent(name);
    } else {
      builder.requireEquals(name, textOf(seen));
    }
    return outcomeOf(() =>
      client.send(new UpdateItemCommand({ TableName, Key: keyItem(key), ...builder.build() })),
    );
  }

  return {
    load: async (key) => {
      const read = new GetItemCommand({ TableName, Key: keyItem(key), ConsistentRead: true });
      const { Item } = await refusing(() => client.send(read));
      if (Item === undefined) {
        return undefined;
      }
      const owner = orderIn(Item, 'owner');
      const placed = orderIn(Item, 'placed');
      return {
        ...(owner !== undefined && { owner }),
        ...(placed !== undefined && { placed }),
      };
    },
    take: (key, order) => setIfSeen(key, 'owner', order, undefined),
    place: (key, order, seen) => setIfSeen(key, 'placed', order, seen),
  };
}

/** Neither a tenant nor a reference holds a `#`. */
function keyItem({ tenant, reference }: ClaimKey): Item {
  return { pk: { S: `claim#${tenant}#${reference}` } };
}

function textOf({ account, mchid, out_trade_no }: OrderName): string {
  return `${account}#${mchid}#${out_trade_no}`;
}

function orderIn(item: Item, name: 'owner' | 'placed'): OrderName | undefined {
  const text = item[name]?.S;
  if (text === undefined) {
    return undefined;
  }
  const [account, mchid, out_trade_no] = text.split('#');
  if (isAccountName(account) && isMchid(mchid) && isOutTradeNo(out_trade_no)) {
    return { account, mchid, out_trade_no };
  }
  throw new AppError('record_undecodable', `The claim's ${name} cannot be read.`);
}
