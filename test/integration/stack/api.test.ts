import { startStack } from '../../../local/stack.ts';
import { runApiSuite } from './api.suite.ts';

runApiSuite(startStack);
