import { startStack } from '../../../local/stack.ts';
import { runTenantsSuite } from './tenants.suite.ts';

/** All other suites have the issuer's keys by URL. */
runTenantsSuite((options) => startStack({ ...options, inlineKeys: true }));
