import { z } from 'zod';
import { orderRequest, ownFields, ruleFor } from '#adapters/lambda/order-request.ts';
import { planRequest } from '#adapters/lambda/plan-request.ts';
import { refundRequest } from '#adapters/lambda/refund-request.ts';
import { resolveRequest } from '#adapters/lambda/resolve-request.ts';
import {
  cancelRequest,
  completeRequest,
  modifyRequest,
  syncRequest,
} from '#adapters/lambda/service-order-command-request.ts';
import { serviceOrderRequest } from '#adapters/lambda/service-order-request.ts';
import { signPlanRequest, signPlanStopRequest } from '#adapters/lambda/sign-plan-request.ts';
import { type TradeType, tradeTypes } from '#core/subjects/order/order.ts';
import { isObject, type JsonObject, parseObject } from '#core/values/json.ts';
import { limitOf, type Schema } from './limits.ts';
import {
  cancelWords,
  completeWords,
  modifyWords,
  planWords,
  serviceOrderWords,
  signPlanStopWords,
  signPlanWords,
  syncWords,
} from './payscore-words.ts';
import {
  orderWords,
  refundWords,
  resolveWords,
  tradeTypeWords,
  type Words,
} from './request-words.ts';

/** The schemas of all request bodies, by their names in `components`: what the API itself reads them with. */
export function requestSchemas(): Readonly<Record<string, Schema>> {
  const order = schemaOf(orderRequest, orderWords);
  const variants = tradeTypes.map((tradeType) => [tradeType, variantOf(order, tradeType)] as const);
  const shared = variants.flatMap(([tradeType, variant]) => sharedParts(tradeType, variant));
  return {
    OrderRequest: {
      description: 'A new order. What it may hold depends on its `trade_type`.',
      oneOf: tradeTypes.map((tradeType) => ({ $ref: refTo(orderNames[tradeType]) })),
      discriminator: {
        propertyName: 'trade_type',
        mapping: Object.fromEntries(
          tradeTypes.map((tradeType) => [tradeType, refTo(orderNames[tradeType])]),
        ),
      },
    },
    ...Object.fromEntries(
      variants.map(([tradeType, variant]) => [
        orderNames[tradeType],
        withParts(variant, partNames(tradeType)),
      ]),
    ),
    ...Object.fromEntries(shared),
    ...refundSchemas(),
    ResolveRequest: schemaOf(resolveRequest, resolveWords),
    PlanRequest: schemaOf(planRequest, planWords),
    SignPlanRequest: schemaOf(signPlanRequest, signPlanWords),
    SignPlanStopRequest: schemaOf(signPlanStopRequest, signPlanStopWords),
    ServiceOrderRequest: schemaOf(serviceOrderRequest, serviceOrderWords),
    CompleteRequest: schemaOf(completeRequest, completeWords),
    ModifyRequest: schemaOf(modifyRequest, modifyWords),
    CancelRequest: schemaOf(cancelRequest, cancelWords),
    SyncRequest: schemaOf(syncRequest, syncWords),
  };
}

/** A refund names one of the two, and not both. */
function refundSchemas(): Readonly<Record<string, Schema>> {
  const refund = schemaOf(refundRequest, refundWords);
  const of = (title: string, name: string, other: string): Schema => ({
    ...withRequired(withoutProperty(refund, other), name),
    title,
  });
  return {
    RefundRequest: {
      description: 'A new refund: of an order, or of a service order.',
      oneOf: [{ $ref: refTo('OrderRefundRequest') }, { $ref: refTo('ServiceOrderRefundRequest') }],
    },
    OrderRefundRequest: of('of an order', 'out_trade_no', 'out_order_no'),
    ServiceOrderRefundRequest: of('of a service order', 'out_order_no', 'out_trade_no'),
  };
}

export function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

const orderNames: Readonly<Record<TradeType, string>> = {
  NATIVE: 'NativeOrderRequest',
  JSAPI: 'JsapiOrderRequest',
  APP: 'AppOrderRequest',
  H5: 'H5OrderRequest',
  MICROPAY: 'MicropayOrderRequest',
};

/** Parts of an order that have a schema of their own. */
function partNames(tradeType: TradeType): Readonly<Record<string, string>> {
  return {
    detail: 'OrderDetail',
    scene_info: tradeType === 'H5' ? 'H5SceneInfo' : 'SceneInfo',
  };
}

function sharedParts(tradeType: TradeType, variant: Schema): (readonly [string, Schema])[] {
  const properties = objectAt(variant, 'properties');
  return Object.entries(partNames(tradeType)).map(([name, schemaName]) => [
    schemaName,
    objectAt(properties, name),
  ]);
}

function withParts(variant: Schema, names: Readonly<Record<string, string>>): Schema {
  const refs = Object.entries(names).map(([name, schemaName]) => [
    name,
    { $ref: refTo(schemaName) },
  ]);
  const properties = { ...objectAt(variant, 'properties'), ...Object.fromEntries(refs) };
  return { ...variant, properties };
}

/** The order's schema for one trade type: with what this one needs, without what belongs to others. */
function variantOf(order: Schema, tradeType: TradeType): Schema {
  const all: Schema = {
    ...order,
    title: tradeType,
    description: tradeTypeWords[tradeType],
    properties: {
      ...objectAt(order, 'properties'),
      trade_type: { type: 'string', const: tradeType },
    },
  };
  return ownFields.reduce((variant, field) => {
    const change = (holder: Schema): Schema => {
      switch (ruleFor(field, tradeType)) {
        case 'needed':
          return withRequired(holder, field.name);
        case 'refused':
          return withoutProperty(holder, field.name);
        case undefined:
          return holder;
      }
    };
    const name = field.parent.slice(1);
    return name === '' ? change(variant) : withProperty(variant, name, change);
  }, all);
}

function withRequired(schema: Schema, name: string): Schema {
  const { required } = schema;
  return { ...schema, required: [...(Array.isArray(required) ? required : []), name] };
}

function withoutProperty(schema: Schema, name: string): Schema {
  const { [name]: _, ...properties } = objectAt(schema, 'properties');
  return { ...schema, properties };
}

function withProperty(schema: Schema, name: string, change: (value: Schema) => Schema): Schema {
  const properties = objectAt(schema, 'properties');
  return { ...schema, properties: { ...properties, [name]: change(objectAt(properties, name)) } };
}

function objectAt(schema: Schema, name: string): JsonObject {
  const value = schema[name];
  if (!isObject(value)) {
    throw new Error(`The schema has no ${name}.`);
  }
  return value;
}

/** What the body may be as JSON Schema, with words for each field; throws when either misses the other. */
export function schemaOf(request: z.ZodType, words: Words): Schema {
  const used = new Set<string>();
  const { $schema: _, ...schema } = z.toJSONSchema(request, {
    io: 'input',
    override: ({ zodSchema, jsonSchema, path }) => {
      const pointer = pointerOf(path);
      const limit = limitOf(zodSchema, checksOf(zodSchema), pointer);
      if (limit['anyOf'] !== undefined) {
        delete jsonSchema.type;
      }
      const description = words[pointer];
      used.add(pointer);
      Object.assign(jsonSchema, limit, description !== undefined && { description });
    },
  });
  const silent = [...used].filter((pointer) => words[pointer] === undefined && !isItem(pointer));
  const unused = Object.keys(words).filter((pointer) => !used.has(pointer));
  if (silent.length > 0 || unused.length > 0) {
    throw new Error(`Fields without words: ${silent}; words without a field: ${unused}.`);
  }
  return plainOf(schema);
}

/** An item of a list is described by its list. */
function isItem(pointer: string): boolean {
  return pointer.endsWith('/-');
}

/** `['properties', 'detail', 'items']` as `/detail/-`. */
function pointerOf(path: readonly (string | number)[]): string {
  const [keyword, ...rest] = path;
  if (keyword === undefined) {
    return '';
  }
  if (keyword === 'properties') {
    const [name, ...below] = rest;
    return `/${name}${pointerOf(below)}`;
  }
  return `/-${pointerOf(rest)}`;
}

/** The functions that `refine` was given. */
function checksOf(schema: z.core.$ZodTypes): readonly unknown[] {
  return (schema._zod.def.checks ?? []).flatMap((check) => {
    const { def } = check._zod;
    return 'fn' in def ? [def.fn] : [];
  });
}

/** Without the functions and the prototypes that zod leaves beside it. */
function plainOf(schema: unknown): JsonObject {
  const read = parseObject(JSON.stringify(schema));
  if (!read.ok) {
    throw new Error('The schema is no JSON object.');
  }
  return read.value;
}
