import { isObject, type JsonObject, listOf, objectOf, textOf } from './json.ts';

export type Resource = {
  readonly logicalId: string;
  readonly type: string;
  /** As in the template: not resolved. */
  readonly properties: JsonObject;
};

/** What CloudFormation would supply: parameter values, pseudo parameters, and what resources answer. */
export type Surroundings = {
  readonly parameters: Readonly<Record<string, string>>;
  /** By full name, e.g. `AWS::Region`. */
  readonly pseudo: Readonly<Record<string, string>>;
  readonly ref: (resource: Resource) => string;
  readonly attribute: (resource: Resource, name: string) => string;
};

export type OpenTemplate = {
  /** The resources of these types whose condition holds. */
  readonly resources: (...types: readonly string[]) => readonly Resource[];
  /** A copy of the value with every intrinsic function evaluated. */
  readonly resolve: (value: unknown) => unknown;
  readonly outputs: () => Readonly<Record<string, string>>;
};

/**
 * Evaluates a synthesized template: Ref, Fn::GetAtt, Fn::Join, Fn::Sub in both forms, Fn::Select,
 * Fn::Split, Fn::If and conditions by Fn::Equals. Throws on any other intrinsic function, on a
 * parameter that is missing, unknown or against its rules, and on a name that is not in the template.
 */
export function openTemplate(source: unknown, surroundings: Surroundings): OpenTemplate {
  const template = objectOf(source, 'The template');
  const parameters = readParameters(section(template, 'Parameters'), surroundings.parameters);
  const conditions = section(template, 'Conditions');
  const resources = readResources(section(template, 'Resources'));

  const ref = (name: string): string | undefined => {
    if (name === 'AWS::NoValue') {
      return undefined;
    }
    const resource = resources.get(name);
    const value =
      surroundings.pseudo[name] ??
      parameters.get(name) ??
      (resource === undefined ? undefined : surroundings.ref(resource));
    return known(value, `Ref ${name}`);
  };
  const attribute = (name: string, attributeName: string): string =>
    surroundings.attribute(known(resources.get(name), `Resource ${name}`), attributeName);
  const holds = (name: string): boolean => {
    const condition = objectOf(known(conditions[name], `Condition ${name}`), `Condition ${name}`);
    const [intrinsic, values] = onlyEntry(condition, `Condition ${name}`);
    if (intrinsic !== 'Fn::Equals') {
      throw new Error(`Condition ${name} uses ${intrinsic}, which is not supported`);
    }
    const [left, right] = pair(values, intrinsic);
    return JSON.stringify(resolve(left)) === JSON.stringify(resolve(right));
  };
  const resolve = resolver({ ref, attribute, holds });
  return {
    resolve,
    resources: (...types) =>
      [...resources.values()].filter(
        ({ type, condition }) =>
          types.includes(type) && (condition === undefined || holds(condition)),
      ),
    outputs: () => {
      const outputs = Object.entries(section(template, 'Outputs'));
      return Object.fromEntries(
        outputs.map(([name, output]) => [
          name,
          textOf(resolve(objectOf(output, `Output ${name}`)['Value']), `Output ${name}`),
        ]),
      );
    },
  };
}

type Lookups = {
  readonly ref: (name: string) => string | undefined;
  readonly attribute: (name: string, attributeName: string) => string;
  readonly holds: (condition: string) => boolean;
};

function resolver(lookups: Lookups): (value: unknown) => unknown {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(resolve).filter((entry) => entry !== undefined);
    }
    if (!isObject(value)) {
      return value;
    }
    const intrinsic = Object.keys(value).find(
      (name) => name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'),
    );
    // `Condition` is also an ordinary property (of a policy statement); only text names a condition.
    if (intrinsic === undefined || (intrinsic === 'Condition' && isObject(value[intrinsic]))) {
      const entries = Object.entries(value).map(([name, entry]) => [name, resolve(entry)]);
      return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
    }
    const [name, argument] = onlyEntry(value, intrinsic);
    return call(name, argument);
  };
  const text = (value: unknown, where: string): string => textOf(resolve(value), where);
  const call = (name: string, argument: unknown): unknown => {
    switch (name) {
      case 'Ref':
        return lookups.ref(textOf(argument, name));
      case 'Fn::GetAtt': {
        const [resource, attributeName] = pair(argument, name);
        return lookups.attribute(textOf(resource, name), textOf(attributeName, name));
      }
      case 'Fn::Join': {
        const [separator, parts] = pair(argument, name);
        const texts = listOf(resolve(parts), name).map((part) => textOf(part, name));
        return texts.join(textOf(separator, name));
      }
      case 'Fn::Sub':
        return substitute(argument, { ...lookups, text });
      case 'Fn::Select': {
        const [index, entries] = pair(argument, name);
        const chosen = listOf(resolve(entries), name)[Number(text(index, name))];
        return known(chosen, `${name} of entry ${text(index, name)}`);
      }
      case 'Fn::Split': {
        const [separator, whole] = pair(argument, name);
        return text(whole, name).split(textOf(separator, name));
      }
      case 'Fn::If': {
        const [condition, yes, no] = listOf(argument, name);
        return resolve(lookups.holds(textOf(condition, name)) ? yes : no);
      }
      default:
        throw new Error(`${name} is not supported`);
    }
  };
  return resolve;
}

function substitute(
  argument: unknown,
  lookups: Lookups & { readonly text: (value: unknown, where: string) => string },
): string {
  const name = 'Fn::Sub';
  const [pattern, own] = Array.isArray(argument) ? pair(argument, name) : [argument, {}];
  const variables = objectOf(own, name);
  return textOf(pattern, name).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, key: string) => {
    if (literal !== '') {
      return `\${${key}}`;
    }
    if (key in variables) {
      return lookups.text(variables[key], name);
    }
    const dot = key.indexOf('.');
    const value =
      dot < 0 ? lookups.ref(key) : lookups.attribute(key.slice(0, dot), key.slice(dot + 1));
    return known(value, `${name} of ${key}`);
  });
}

function readResources(
  section: JsonObject,
): ReadonlyMap<string, Resource & { readonly condition: string | undefined }> {
  return new Map(
    Object.entries(section).map(([logicalId, value]) => {
      const resource = objectOf(value, logicalId);
      const condition = resource['Condition'];
      return [
        logicalId,
        {
          logicalId,
          type: textOf(resource['Type'], `The type of ${logicalId}`),
          properties: objectOf(resource['Properties'] ?? {}, `The properties of ${logicalId}`),
          condition: condition === undefined ? undefined : textOf(condition, logicalId),
        },
      ];
    }),
  );
}

/** Values of the text parameters; one of another type can't be referred to. */
function readParameters(
  declared: JsonObject,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const unknown = Object.keys(given).find((name) => !(name in declared));
  if (unknown !== undefined) {
    throw new Error(`Parameter ${unknown} is not in the template`);
  }
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(declared)) {
    const rules = objectOf(value, `Parameter ${name}`);
    if (rules['Type'] === 'String') {
      values.set(name, checkedParameter(name, given[name] ?? rules['Default'], rules));
    }
  }
  return values;
}

function checkedParameter(name: string, given: unknown, rules: JsonObject): string {
  const value = textOf(known(given, `Parameter ${name}`), `Parameter ${name}`);
  const { AllowedPattern: pattern, AllowedValues: allowed, MinLength: shortest } = rules;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) {
    throw new Error(`Parameter ${name}: "${value}" does not match ${pattern}`);
  }
  if (allowed !== undefined && !listOf(allowed, name).includes(value)) {
    throw new Error(`Parameter ${name}: "${value}" is not allowed`);
  }
  if (shortest !== undefined && value.length < Number(shortest)) {
    throw new Error(`Parameter ${name}: "${value}" is too short`);
  }
  return value;
}

function section(template: JsonObject, name: string): JsonObject {
  return objectOf(template[name] ?? {}, name);
}

function pair(value: unknown, where: string): readonly [unknown, unknown] {
  const entries = listOf(value, where);
  if (entries.length !== 2) {
    throw new Error(`${where} takes two arguments`);
  }
  return [entries[0], entries[1]];
}

function onlyEntry(value: JsonObject, where: string): readonly [string, unknown] {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) {
    throw new Error(`${where} must stand alone`);
  }
  return entry;
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`${what} has no value`);
  }
  return value;
}
