declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times are how long a table stays in CREATING, UPDATING or DELETING. */
  export default function dynalite(options?: {
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }): Server;
}
