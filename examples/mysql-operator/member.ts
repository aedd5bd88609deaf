import { createConnection, type RowDataPacket } from 'mysql2/promise';

const TIMEOUT_MS = 2_000;

/** What a member says of itself. */
export type Answer = {
  readonly isWritable: boolean;
  /** Whether a write waits until another member has it, too. */
  readonly isSafe: boolean;
  /** The host that it copies from. */
  readonly follows?: string;
  readonly isCopying: boolean;
  /** Whether copying was stopped, rather than being about to connect. */
  readonly isStopped: boolean;
  /** The number of the last write that it received, and of the last that it has done. */
  readonly received: number;
  readonly done: number;
  /** What keeps it from copying. */
  readonly error: string;
};

/** How a member is reached. */
export type Address = { readonly host: string; readonly password: string };

/** Asks a member, which has two seconds for each step; undefined where it gives no answer. */
export async function ask(address: Address): Promise<Answer | undefined> {
  try {
    const [own, copying] = await run(address, [
      'SELECT @@read_only AS readOnly, @@rpl_semi_sync_master_enabled AS safe, @@gtid_current_pos AS position',
      'SHOW REPLICA STATUS',
    ]);
    return answerOf(own?.[0] ?? {}, copying?.[0] ?? {});
  } catch {
    return undefined;
  }
}

/** Returns an answer of what a server's variables and its replica status say. */
export function answerOf(own: Row, copying: Row): Answer {
  const { Master_Host, Slave_IO_Running: input, Slave_SQL_Running: output, Gtid_IO_Pos } = copying;
  const done = numberIn(own['position']);
  return {
    isWritable: Number(own['readOnly']) === 0,
    isSafe: Number(own['safe']) === 1,
    ...(typeof Master_Host === 'string' ? { follows: Master_Host } : {}),
    isCopying: input === 'Yes' && output === 'Yes',
    isStopped: input === 'No' || output === 'No',
    received: Math.max(done, numberIn(Gtid_IO_Pos)),
    done,
    error: [copying['Last_IO_Error'], copying['Last_SQL_Error']].filter((text) => text !== '').join(' '),
  };
}

/** Makes a member take writes, each of which from now on waits until another member has it, so that none that is done is ever lost. */
export async function lead(address: Address): Promise<void> {
  await run(address, [
    'STOP ALL SLAVES',
    'RESET SLAVE ALL',
    'SET GLOBAL rpl_semi_sync_master_enabled = ON',
    'SET GLOBAL read_only = OFF',
  ]);
}

/** Makes a member, which takes no writes, copy from another one, from where it is. */
export async function follow(address: Address, primary: string): Promise<void> {
  await run(address, [
    'STOP ALL SLAVES',
    'SET GLOBAL rpl_semi_sync_master_enabled = OFF',
    'SET GLOBAL gtid_slave_pos = @@gtid_current_pos',
    `CHANGE MASTER TO MASTER_HOST = '${primary}', MASTER_USER = 'operator', MASTER_PASSWORD = '${address.password}', MASTER_CONNECT_RETRY = 1, MASTER_USE_GTID = slave_pos`,
    'START SLAVE',
  ]);
}

type Row = Readonly<Record<string, unknown>>;

async function run({ host, password }: Address, statements: readonly string[]): Promise<Row[][]> {
  const connection = await createConnection({ host, user: 'operator', password, connectTimeout: TIMEOUT_MS });
  // Told to nobody else, an error of a broken connection would end the process.
  connection.on('error', () => undefined);
  try {
    const results: Row[][] = [];
    for (const sql of statements) {
      const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: TIMEOUT_MS });
      results.push(rows);
    }
    return results;
  } finally {
    connection.destroy();
  }
}

/** A position is `domain-server-number`. */
function numberIn(position: unknown): number {
  return typeof position === 'string' ? Number(position.split('-')[2] ?? 0) : 0;
}
