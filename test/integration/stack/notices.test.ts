import { startStack } from '../../../local/stack.ts';
import { runNoticesSuite } from './notices.suite.ts';

runNoticesSuite(startStack);
