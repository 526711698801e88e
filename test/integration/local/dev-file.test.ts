import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DevFile, writeDevFile } from '../../../local/dev-file.ts';

describe('the dev file of two stacks in one folder', () => {
  let folder = '';
  const first = createServer((_request, response) => response.end());
  const devOf = (api: string): DevFile => ({ api }) as DevFile;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dev-file-'));
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    first.close();
    await rm(folder, { recursive: true });
  });

  it('goes back to the first when the second stops', async () => {
    const file = join(folder, 'dev.json');
    const { port } = first.address() as AddressInfo;
    const one = await writeDevFile(file, devOf(`http://127.0.0.1:${port}`));
    assert.equal(one.replaced, false);
    const text = await readFile(file, 'utf8');
    const two = await writeDevFile(file, devOf('http://127.0.0.1:9'));
    assert.equal(two.replaced, true);
    await one.remove();
    assert.match(await readFile(file, 'utf8'), /127\.0\.0\.1:9"/);
    await two.remove();
    assert.equal(await readFile(file, 'utf8'), text);
    await one.remove();
    await assert.rejects(readFile(file), { code: 'ENOENT' });
  });

  it('is taken away when no other stack answers', async () => {
    const file = join(folder, 'dead.json');
    await writeDevFile(file, devOf('http://127.0.0.1:9'));
    const two = await writeDevFile(file, devOf('http://127.0.0.1:10'));
    assert.equal(two.replaced, false);
    await two.remove();
    await assert.rejects(readFile(file), { code: 'ENOENT' });
  });
});
