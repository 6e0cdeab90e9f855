/**
 * Peers that send the same bytes without pause.
 *
 * @module
 */

/** The ports of a server. */
export interface Doors {
  readonly chatPort: number;
  readonly webPort: number;
  readonly logPort: number;
  readonly ircPort: number;
  readonly sshPort: number;
  readonly todoPort: number;
  readonly bankPort: number;
  readonly jobsPort: number;
  readonly tlsPort: number;
  readonly udpPort: number;
}

/** What the peers of this process have been given, and how many have yet to gather. */
export const tally = { answers: 0, gathering: 0 };

/** `peers` connections that send `chunk` (a char for each byte) without pause after a `prelude`. */
export function flood(peers: number, door: keyof Doors, chunk: string, prelude = "") {
  return {
    peers,
    ask: async (doors: Doors) => await pour(await connect(doors[door]), prelude, chunk),
  };
}

/** Peers that send a few bytes and wait for the end of the connection, over and over. */
export function again(peers: number, door: keyof Doors, text: string) {
  return {
    peers,
    async ask(doors: Doors) {
      for (const buffer = new Uint8Array(64 * 1024);;) {
        const connection = await connect(doors[door]);
        try {
          await writeAll(connection, bytesOf(text));
          while (await connection.read(buffer) !== null);
        } catch {
          // It was reset, because not all of the bytes were read.
        }
        connection.close();
        tally.answers++;
      }
    },
  };
}

/**
 * 1,000 connections that begin with `start`, then send a byte every 50 ms, and after a second do it
 * all again.
 */
export function trickle(door: keyof Doors, start: string) {
  return {
    peers: 1000,
    async ask(doors: Doors) {
      for (;;) {
        const connection = await connect(doors[door]);
        await writeAll(connection, bytesOf(start));
        for (let count = 0; count < 20; count++) {
          await pause(50);
          await writeAll(connection, bytesOf("x"));
        }
        connection.close();
        tally.answers++;
      }
    },
  };
}

export function connect(port: number): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port });
}

/** Repeats `chunk` for ever, and reads and drops what comes back. Each read counts as one answer. */
export async function pour(
  connection: Deno.TcpConn,
  prelude: string,
  chunk: string,
): Promise<never> {
  drop(connection);
  await writeAll(connection, bytesOf(prelude));
  for (const bytes = bytesOf(chunk);;) await writeAll(connection, bytes);
}

/** Reads and drops what comes. Each read counts as one answer. */
export function drop(connection: Deno.TcpConn): void {
  const dropping = async () => {
    const buffer = new Uint8Array(64 * 1024);
    while (await connection.read(buffer) !== null) tally.answers++;
  };
  dropping().catch(() => {});
}

/** One byte for each char. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
