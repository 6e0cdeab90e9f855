/**
 * How many datagrams the system had no room for, from its table of sockets (Linux: `/proc/net/udp`
 * and `udp6`, whose last column counts them).
 *
 * @module
 */

/**
 * Datagrams that came to the socket at this address since it was opened, and were dropped.
 *
 * @throws {Error} where that cannot be known, saying what would help.
 */
export async function countUdpDrops(hostname: string, port: number): Promise<number> {
  const isVersion6 = hostname.includes(":");
  const table = await readTable(isVersion6 ? "/proc/net/udp6" : "/proc/net/udp");
  const drops = findDrops(table, port, isVersion6 ? undefined : toHex(hostname));
  if (drops === undefined) throw new Error("the system's table of sockets does not have this one");
  return drops;
}

/**
 * The count in the line of a socket; `undefined` where there is none.
 *
 * @param address As the table writes it; any will do if there is only one socket on the port.
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

/** An IPv4 address as a number of 32 bits in the machine's order, which is how it is listed. */
function toHex(hostname: string): string {
  const bytes = Uint8Array.from(hostname.split("."), Number);
  const [number] = new Uint32Array(bytes.buffer);
  return number.toString(16).toUpperCase().padStart(8, "0");
}

/**
 * Deno lets only those read `/proc` who may do everything. Who may run `cat` can have it read the
 * table, which takes some milliseconds in another process.
 */
async function readTable(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
  const { state } = await Deno.permissions.query({ name: "run", command: "cat" });
  if (state !== "granted") throw new Error("it takes Deno's permission --allow-run=cat");
  const { success, stdout } = await new Deno.Command("cat", {
    args: [path],
    stderr: "null",
  }).output();
  if (!success) throw new Error(`there is no ${path}`);
  return new TextDecoder().decode(stdout);
}
