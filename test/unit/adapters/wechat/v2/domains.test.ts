import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  chooseDomain,
  type Domain,
  type Domains,
  noteReport,
  type Report,
  untriedDomains,
} from '#adapters/wechat/v2/domains.ts';

function after(domain: Domain, reports: readonly Report[], domains = untriedDomains): Domains {
  return reports.reduce((all, report) => noteReport(all, domain, report), domains);
}

const dead: readonly Report[] = ['connect-timeout', 'connect-timeout', 'connect-timeout'];

/** What is chosen at each of these moments, one after the other. */
function chosenAt(domains: Domains, ...moments: readonly number[]): readonly Domain[] {
  let known = domains;
  return moments.map((nowMs) => {
    const choice = chooseDomain(known, nowMs);
    known = choice.domains;
    return choice.domain;
  });
}

suite('the main domain is asked', () => {
  test('while nothing is known of it', () => {
    assert.deepEqual(chosenAt(untriedDomains, 0), ['main']);
  });

  for (const reports of [
    ['connect-timeout', 'connect-timeout'],
    ['dns', 'dns'],
    ['connect-timeout', 'dns', 'connect-timeout', 'dns'],
    Array.from({ length: 100 }, () => 'other' as const),
  ] satisfies Report[][]) {
    test(`after ${reports.length} failures such as ${reports[0]}`, () => {
      assert.deepEqual(chosenAt(after('main', reports), 0), ['main']);
    });
  }

  test('again after three successes in a row, which forget all failures', () => {
    const two = after('main', ['success', 'success'], after('main', dead));
    assert.deepEqual(chosenAt(two, 0), ['backup']);
    assert.deepEqual(chosenAt(after('main', ['success'], two), 0), ['main']);
    const bad = after('main', ['success', 'connect-timeout', 'connect-timeout'], two);
    assert.deepEqual(chosenAt(bad, 0), ['main']);
  });

  test('but not after successes that a failure comes between', () => {
    for (const failure of ['connect-timeout', 'dns', 'other'] as const) {
      const reports = ['success', 'success', failure, 'success', 'success'] as const;
      const domains = after('main', reports, after('main', dead));
      assert.deepEqual(chosenAt(domains, 0), ['backup'], failure);
    }
  });
});

suite('the backup is asked', () => {
  for (const reports of [dead, ['dns', 'dns', 'dns']] satisfies (readonly Report[])[]) {
    test(`from the third ${reports[0]} on`, () => {
      assert.deepEqual(chosenAt(after('main', reports), 0), ['backup']);
    });
  }

  test('for three minutes, then both start anew', () => {
    const domains = after('main', dead);
    assert.deepEqual(chosenAt(domains, 1_000, 180_999), ['backup', 'backup']);
    assert.deepEqual(chosenAt(domains, 1_000, 181_000, 181_001), ['backup', 'main', 'main']);
    const both = after('backup', dead, domains);
    const { domains: anew } = chooseDomain(chooseDomain(both, 0).domains, 180_000);
    assert.deepEqual(anew, untriedDomains);
  });

  test('for three minutes from the switch, however often it is chosen', () => {
    const moments = [0, 60_000, 120_000, 179_999, 180_000];
    const chosen = ['backup', 'backup', 'backup', 'backup', 'main'];
    assert.deepEqual(chosenAt(after('main', dead), ...moments), chosen);
  });

  test('for three minutes again when the main domain turns bad once more', () => {
    const first = chooseDomain(after('main', dead), 0).domains;
    const healed = after('main', ['success', 'success', 'success'], first);
    const good = chooseDomain(healed, 170_000).domains;
    const bad = after('main', dead, good);
    assert.deepEqual(chosenAt(bad, 200_000, 379_999), ['backup', 'backup']);
  });
});

suite('when both are bad', () => {
  function chosenWhen(main: readonly Report[], backup: readonly Report[]): Domain | undefined {
    const domains = after('backup', backup, after('main', main));
    return chosenAt(domains, 0, 1)[1];
  }

  test('the first choice is the backup all the same', () => {
    const domains = after('backup', dead, after('main', dead));
    assert.deepEqual(chosenAt(domains, 0), ['backup']);
  });

  test('the less bad one is asked, the main one if they are equal', () => {
    assert.equal(chosenWhen(dead, dead), 'main');
    assert.equal(chosenWhen([...dead, 'connect-timeout'], dead), 'backup');
    assert.equal(chosenWhen(dead, [...dead, 'connect-timeout']), 'main');
  });

  test('a DNS failure weighs as much as five connect timeouts', () => {
    const dns = ['dns', 'dns', 'dns'] as const;
    const fifteen = Array.from({ length: 15 }, () => 'connect-timeout' as const);
    assert.equal(chosenWhen(dns, fifteen), 'main');
    assert.equal(chosenWhen(dns, fifteen.slice(1)), 'backup');
  });

  test('another failure weighs a quarter of a connect timeout', () => {
    const four = ['other', 'other', 'other', 'other'] as const;
    assert.equal(chosenWhen([...dead, ...four], [...dead, 'connect-timeout']), 'main');
    assert.equal(chosenWhen([...dead, ...four, 'other'], [...dead, 'connect-timeout']), 'backup');
  });
});

suite('a report', () => {
  test('says nothing about the other domain', () => {
    const domains = after('backup', ['dns', 'dns', 'dns', 'dns']);
    assert.deepEqual(chosenAt(domains, 0), ['main']);
    assert.deepEqual(domains.main, untriedDomains.main);
  });
});
