import type { Transmission } from '../transmit.ts';
import { readXml } from './xml.ts';

/** Whether the answer ends the tries: 200 and a whole document that says SUCCESS; anything else counts as failed. */
export const isTaken = ({ status, body }: Transmission): boolean =>
  status === 200 && body !== undefined && readXml(body)?.get('return_code') === 'SUCCESS';
