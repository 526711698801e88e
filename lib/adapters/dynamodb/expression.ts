import type { NativeAttributeValue } from '@aws-sdk/util-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './item.ts';

/** Collects the parts of one `UpdateItem`, with placeholders for every name and value. */
export type UpdateBuilder = {
  set(name: string, value: NativeAttributeValue): void;
  /** Sets where there is something to say, else removes. */
  setOrRemove(name: string, value: NativeAttributeValue | undefined): void;
  remove(...names: readonly string[]): void;
  append(name: string, row: NativeAttributeValue): void;
  add(name: string, amount: number): void;
  /** Conditions are joined by AND. */
  requireEquals(name: string, value: NativeAttributeValue): void;
  requireOneOf(name: string, values: readonly NativeAttributeValue[]): void;
  requireAbsent(name: string): void;
  requireExists(name: string): void;
  build(): {
    readonly UpdateExpression: string;
    readonly ConditionExpression: string;
    readonly ExpressionAttributeNames: Record<string, string>;
    readonly ExpressionAttributeValues?: Item;
  };
};

export function updateBuilder(): UpdateBuilder {
  const names = new Map<string, string>();
  const values: Record<string, NativeAttributeValue> = {};
  const sets: string[] = [];
  const removes: string[] = [];
  const conditions: string[] = [];
  const name = (text: string): string => {
    const known = names.get(text) ?? `#n${names.size}`;
    names.set(text, known);
    return known;
  };
  const value = (given: NativeAttributeValue): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const builder: UpdateBuilder = {
    set: (text, given) => sets.push(`${name(text)} = ${value(given)}`),
    setOrRemove: (text, given) =>
      given === undefined ? builder.remove(text) : builder.set(text, given),
    remove: (...texts) => removes.push(...texts.map(name)),
    append: (text, row) => {
      const list = name(text);
      sets.push(`${list} = list_append(if_not_exists(${list}, ${value([])}), ${value([row])})`);
    },
    add: (text, amount) => {
      const counter = name(text);
      sets.push(`${counter} = if_not_exists(${counter}, ${value(0)}) + ${value(amount)}`);
    },
    requireEquals: (text, given) => conditions.push(`${name(text)} = ${value(given)}`),
    requireOneOf: (text, given) =>
      conditions.push(`${name(text)} IN (${given.map((one) => value(one)).join(', ')})`),
    requireAbsent: (text) => conditions.push(`attribute_not_exists(${name(text)})`),
    requireExists: (text) => conditions.push(`attribute_exists(${name(text)})`),
    build: () => ({
      UpdateExpression: [
        sets.length > 0 ? `SET ${sets.join(', ')}` : '',
        removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: Object.fromEntries([...names].map(([text, id]) => [id, text])),
      ...(Object.keys(values).length > 0 && {
        ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
      }),
    }),
  };
  return builder;
}
