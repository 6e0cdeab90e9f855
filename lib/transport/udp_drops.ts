/**
 * The number of datagrams that the system dropped, from its socket table (Linux: the last column of
 * `/proc/net/udp` and `udp6`). Without it, a UDP flood would lose log lines and leave no gap.
 *
 * @module
 */

/**
 * The number of datagrams sent to the socket at this address and dropped since it was opened.
 *
 * @throws {Error} if the number is unknown; the message says what would help.
 */
export async function countUdpDrops(hostname: string, port: number): Promise<number> {
  const isVersion6 = hostname.includes(":");
  const table = await readSocketTable(isVersion6 ? "/proc/net/udp6" : "/proc/net/udp");
  const drops = findDrops(table, port, isVersion6 ? undefined : toHex(hostname));
  if (drops === undefined) throw new Error("the system's socket table does not list this socket");
  return drops;
}

/**
 * The drop count of a socket; `undefined` if the table does not have it.
 *
 * @param address As the table writes it. If `undefined`, the first socket on the port counts.
 */
export function findDrops(
  table: string,
  port: number,
  address: string | undefined,
): number | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of table.split("\n").slice(1)) {
    const columns = line.trim().split(/\s+/);
    const local = columns[1] ?? "";
    const isIt = address === undefined ? local.endsWith(suffix) : local === `${address}${suffix}`;
    if (isIt) return Number(columns[columns.length - 1]);
  }
  return undefined;
}

/** An IPv4 address as a 32-bit number in host byte order, as the table has it. */
function toHex(hostname: string): string {
  const bytes = Uint8Array.from(hostname.split("."), Number);
  const [number] = new Uint32Array(bytes.buffer);
  return number.toString(16).toUpperCase().padStart(8, "0");
}

/**
 * Reads one of the kernel's socket tables. Deno 2.7 and 2.9 let a program read `/proc/net` only with
 * --allow-all. `cat` may read it with --allow-run=cat, in about 20 ms in another process; `DropWatch`
 * asks at most once a second, and only while datagrams arrive.
 *
 * @throws {Error} if there is no such table, or no permission to run `cat`.
 */
export async function readSocketTable(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
  const { state } = await Deno.permissions.query({ name: "run", command: "cat" });
  if (state !== "granted") throw new Error("Deno's permission --allow-run=cat is missing");
  const { success, stdout } = await new Deno.Command("cat", {
    args: [path],
    stderr: "null",
  }).output();
  if (!success) throw new Error(`there is no ${path}`);
  return new TextDecoder().decode(stdout);
}
