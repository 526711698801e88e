import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maySee } from '#core/principal.ts';

describe('a principal', () => {
  const shop = { name: 'shop', tenant: 'acme' };
  const scopes = new Set<string>();

  it('sees the accounts of its tenant', () => {
    assert.equal(maySee({ tenant: 'acme', scopes }, shop), true);
    assert.equal(maySee({ tenant: 'acme', scopes, accounts: ['shop'] }, shop), true);
  });

  it('sees no account of another tenant, whatever its token lists', () => {
    assert.equal(maySee({ tenant: 'other', scopes }, shop), false);
    assert.equal(maySee({ tenant: 'other', scopes, accounts: ['shop'] }, shop), false);
    assert.equal(maySee({ tenant: '', scopes }, shop), false);
  });

  it('sees none that its token was narrowed away from', () => {
    assert.equal(maySee({ tenant: 'acme', scopes, accounts: [] }, shop), false);
    assert.equal(maySee({ tenant: 'acme', scopes, accounts: ['Shop', 'sho'] }, shop), false);
  });
});
