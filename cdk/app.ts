import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { PaymentStack } from './payment-stack.ts';
import { type Stage, stages } from './stages.ts';

const root = resolve(import.meta.dirname, '..');

export type AppOptions = {
  /** `cdk.out/` when absent. */
  readonly outdir?: string;
  /** The built bundles, one folder a function; else context `bundles`, else `dist/functions/`. */
  readonly bundlesDir?: string;
  /** Else the one that context `stage` names, else all. */
  readonly stages?: readonly Stage[];
};

/**
 * The app with a stack a stage. Its settings come from `cdk.json` whoever runs it, so that what is
 * tested, run on a laptop and deployed is one template.
 */
export function buildApp(options: AppOptions = {}): App {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as {
    readonly context: Record<string, unknown>;
  };
  const app = new App({
    context,
    outdir: options.outdir ?? process.env['CDK_OUTDIR'] ?? join(root, 'cdk.out'),
    analyticsReporting: false,
  });
  const bundlesDir =
    options.bundlesDir ?? textOf(app, 'bundles') ?? join(root, 'dist', 'functions');
  for (const stage of options.stages ?? wantedStages(textOf(app, 'stage'))) {
    new PaymentStack(app, { stage, bundlesDir });
  }
  return app;
}

function wantedStages(name: string | undefined): readonly Stage[] {
  if (name === undefined) {
    return stages;
  }
  const wanted = stages.filter((stage) => stage.name === name);
  if (wanted.length === 0) {
    throw new Error(`No stage is named "${name}"`);
  }
  return wanted;
}

function textOf(app: App, name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}

if (import.meta.main) {
  buildApp().synth();
}
