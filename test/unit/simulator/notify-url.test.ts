import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { notifyUrlIssue } from '../../../simulator/notify-url.ts';

const good = [
  'https://pay.example.com/notify',
  'https://pay.example.com:8443/notify/shop',
  'https://8.8.8.8/notify',
  'http://127.0.0.1:4000/notify/shop',
  'http://localhost:4000/notify',
  'http://[::1]:4000/notify',
  'https://127.0.0.1/notify',
];

const bad = [
  'http://pay.example.com/notify',
  'ftp://127.0.0.1/notify',
  'https://pay.example.com/notify?shop=1',
  'https://pay.example.com/notify?',
  'http://127.0.0.1/notify?shop=1',
  'https://pay.example.com/notify#a',
  'https://user:secret@pay.example.com/notify',
  'https://10.0.0.1/notify',
  'https://172.16.0.1/notify',
  'https://192.168.1.1/notify',
  'https://169.254.169.254/notify',
  'https://[fd00::1]/notify',
  'https://intranet/notify',
  'pay.example.com/notify',
  '/notify',
];

describe('notify_url', () => {
  for (const url of good) {
    test(`${url} is accepted`, () => {
      assert.equal(notifyUrlIssue(url), undefined);
    });
  }
  for (const url of bad) {
    test(`${url} is refused`, () => {
      assert.equal(typeof notifyUrlIssue(url), 'string');
    });
  }
});
