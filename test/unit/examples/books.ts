import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openShop, type Shop } from '../../../examples/shop/shop.ts';

/** A shop in a folder of its own, and a look into its books from outside. */
export type ShopOfTest = {
  readonly path: string;
  readonly shop: Shop;
  /** Another shop on the same books, as another process opens them. */
  readonly reopen: () => Shop;
  /** `A-1001` for each parcel. */
  readonly shipped: () => readonly string[];
  /** `A-1001 order.paid` for each order, `R-1001 SUCCESS` for each refund. */
  readonly noted: () => readonly string[];
  /** How many ids are kept as handled. */
  readonly idCount: () => number;
  /** Makes each write of a parcel fail, or lets it be again. */
  readonly jamWarehouse: (isJammed: boolean) => void;
  readonly remove: () => void;
};

export function openShopOfTest(): ShopOfTest {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const path = join(folder, 'shop.db');
  const shops = [openShop(path)];
  const outside = new DatabaseSync(path, { timeout: 5_000 });
  const texts = (sql: string): readonly string[] =>
    outside
      .prepare(sql)
      .all()
      .map((row) => Object.values(row).join(' '));
  const [shop] = shops;
  if (shop === undefined) {
    throw new Error('There is no shop.');
  }
  return {
    path,
    shop,
    reopen: () => {
      const another = openShop(path);
      shops.push(another);
      return another;
    },
    shipped: () => texts('SELECT out_trade_no FROM shipments ORDER BY rowid'),
    noted: () => [
      ...texts('SELECT out_trade_no, last_told FROM orders ORDER BY rowid'),
      ...texts('SELECT out_refund_no, status FROM refunds ORDER BY rowid'),
    ],
    idCount: () => texts('SELECT id FROM handled_events').length,
    jamWarehouse: (isJammed) =>
      outside.exec(
        isJammed
          ? `CREATE TRIGGER jam AFTER INSERT ON shipments
               BEGIN SELECT RAISE(ABORT, 'The warehouse is jammed.'); END`
          : 'DROP TRIGGER jam',
      ),
    remove: () => {
      outside.close();
      for (const open of shops) {
        open.close();
      }
      rmSync(folder, { recursive: true });
    },
  };
}
