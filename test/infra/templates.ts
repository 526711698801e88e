import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../cdk/app.ts';
import { type Stage, stages } from '../../cdk/stages.ts';

export type Properties = Readonly<Record<string, unknown>>;
export type ResourceJson = {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
};
export type TemplateJson = {
  readonly Parameters: Readonly<Record<string, Properties>>;
  readonly Resources: Readonly<Record<string, ResourceJson>>;
  readonly Outputs: Readonly<Record<string, Properties>>;
};

export const functionNames = ['notify', 'confirm', 'watch', 'sweep', 'deliver', 'api'] as const;

/** The text of a stage's template, synthesized over bundles that hold next to nothing. */
export function synthesizeText(stage: Stage): string {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-infra-'));
  try {
    const bundlesDir = join(folder, 'functions');
    for (const name of functionNames) {
      mkdirSync(join(bundlesDir, name), { recursive: true });
      writeFileSync(join(bundlesDir, name, 'index.mjs'), `export const handler = '${name}';\n`);
    }
    const outdir = join(folder, 'cdk.out');
    buildApp({ outdir, bundlesDir, stages: [stage] }).synth();
    return readFileSync(join(outdir, `wechatpay-${stage.name}.template.json`), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const known = new Map<Stage, TemplateJson>();

/** The template of a stage; each stage is synthesized once. */
export function synthesizeTemplate(stage: Stage): TemplateJson {
  const template = known.get(stage) ?? (JSON.parse(synthesizeText(stage)) as TemplateJson);
  known.set(stage, template);
  return template;
}

export function stageNamed(name: Stage['name']): Stage {
  const stage = stages.find((candidate) => candidate.name === name);
  if (stage === undefined) {
    throw new Error(`No stage is named ${name}`);
  }
  return stage;
}

/** Logical id and properties of the resources of a type. */
export function resourcesOf(
  template: TemplateJson,
  type: string,
): readonly (readonly [string, ResourceJson])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The value of `name` that stands in a nest of objects, or undefined. */
export function at(value: unknown, ...names: readonly (string | number)[]): unknown {
  let current = value;
  for (const name of names) {
    current = (current as Record<string, unknown> | undefined)?.[name];
  }
  return current;
}
