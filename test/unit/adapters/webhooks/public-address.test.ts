import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isAllowedAddress } from '#adapters/webhooks/public-address.ts';

const open = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2000::',
  '2606:4700:4700::1111',
  '2400:3200::1',
  '3ffe::1',
];

const closed: Readonly<Record<string, readonly string[]>> = {
  loopback: ['::1', '0:0:0:0:0:0:0:1'],
  'this network': ['0.0.0.0', '0.255.255.255', '::'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.1'],
  'link local, with the metadata and the credentials of AWS': [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.0.0',
    '169.254.255.255',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
  ],
  'unique local': ['fc00::1', 'fd00::1', 'fd00:ec2::254', 'fdff:ffff::'],
  'once site local': ['fec0::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.100.100.200', '100.127.255.255'],
  benchmarking: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  documentation: ['192.0.2.1', '198.51.100.7', '203.0.113.7', '2001:db8::7', '3fff::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  reserved: ['192.0.0.1', '240.0.0.1', '255.255.255.255', '2001:1ff::1', '100::1', '5f00::1'],
  'relays and sinks': ['192.88.99.1', '192.175.48.1', '192.52.193.1', '2620:4f:8000::1'],
  'IPv4 in IPv6, even a public one': [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '::127.0.0.1',
    '::7f00:1',
    '::808:808',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::a00:1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2001:0:808:808::1',
  ],
  'owned by nobody': ['4000::1', '8000::1', 'e000::1', '1fff::1'],
  'no address': [
    '',
    'localhost',
    '1',
    '134744072',
    '0x08080808',
    '8.8.8',
    '010.8.8.8',
    '8.8.8.8 ',
    ' 8.8.8.8',
    '8.8.8.8/32',
    '8.8.8.256',
    '[2606:4700:4700::1111]',
    '2606:4700:4700::1111%eth0-1',
    'g::1',
  ],
};

suite('a public address', () => {
  test('may be reached, whatever a laptop may do', () => {
    for (const address of open) {
      assert.equal(isAllowedAddress(address, { allowsLoopback: false }), true, address);
      assert.equal(isAllowedAddress(address, { allowsLoopback: true }), true, address);
    }
  });
});

for (const [kind, addresses] of Object.entries(closed)) {
  suite(`an address that is ${kind}`, () => {
    for (const address of addresses) {
      test(`is refused, on a laptop too: ${address}`, () => {
        assert.equal(isAllowedAddress(address, { allowsLoopback: false }), false);
        assert.equal(isAllowedAddress(address, { allowsLoopback: true }), false);
      });
    }
  });
}

suite('127.0.0.0/8', () => {
  test('may be reached where loopback is allowed, and nowhere else', () => {
    for (const address of ['127.0.0.0', '127.0.0.1', '127.255.255.255']) {
      assert.equal(isAllowedAddress(address, { allowsLoopback: true }), true, address);
      assert.equal(isAllowedAddress(address, { allowsLoopback: false }), false, address);
    }
  });
});
