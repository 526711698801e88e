import { startStack } from '../../../local/stack.ts';
import { runPaymentsSuite } from './payments.suite.ts';

runPaymentsSuite(startStack);
