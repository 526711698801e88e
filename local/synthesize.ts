import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildFunctions } from '../tools/build.ts';

const root = resolve(import.meta.dirname, '..');

export type Synthesized = {
  /** The cloud assembly: templates and assets. */
  readonly cdkOut: string;
  readonly remove: () => Promise<void>;
};

/**
 * Builds the functions and synthesizes the stack of one stage, in a folder of its own so that runs
 * side by side don't disturb each other. `functionsDir` is `functions/` when absent.
 */
export async function synthesize(stage: string, functionsDir?: string): Promise<Synthesized> {
  const folder = await mkdtemp(join(tmpdir(), 'wechatpay-local-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const bundles = join(folder, 'functions');
  const cdkOut = join(folder, 'cdk.out');
  try {
    await buildFunctions({
      outDir: bundles,
      ...(functionsDir === undefined ? {} : { functionsDir }),
    });
    // In a process of its own: the CDK needs 2 s and 200 MB once, and the clock may be scaled here.
    await promisify(execFile)(process.execPath, [join(root, 'cdk', 'app.ts')], {
      cwd: root,
      env: {
        ...process.env,
        CDK_OUTDIR: cdkOut,
        CDK_CONTEXT_JSON: JSON.stringify({ bundles, stage }),
      },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { cdkOut, remove };
}
