import { startStack } from '../../../local/stack.ts';
import { runV2NoticesSuite } from './notices-v2.suite.ts';

runV2NoticesSuite(startStack);
