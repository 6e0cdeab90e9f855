/**
 * Sends lines to a logger and measures the time until all are stored. Runs in a process of its own,
 * so that the server has its core to itself. Started by `logger.ts`.
 *
 * @module
 */

/** The JSON argument. */
export interface LoggerLoad {
  readonly port: number;
  readonly senders: number;
  /** Lines per sender. */
  readonly lines: number;
  /** Lines per second over all senders. @default {Infinity} */
  readonly rate?: number;
  readonly form: "plain" | "rfc3164" | "rfc5424" | "octet";
  /** Whether the server confirms stored lines. If not, the time ends when all lines are sent. */
  readonly hasReceipts: boolean;
}

/** The JSON line printed at the end. */
export interface LoggerLoadResult {
  readonly seconds: number;
  /** Lines confirmed by receipts. */
  readonly stored: number;
}

const LINES_AT_ONCE = 720;
const TEXT = "worker 17 finished job 123456 of queue mail in 35 ms, next try in 20 s: ok";

function lineOf(form: LoggerLoad["form"], sender: number, number: number): string {
  const text = `${TEXT} ${String(number).padStart(6, "0")}`;
  if (form === "plain") return `06:30:00 ${text}\n`;
  if (form === "rfc3164") return `<13>Nov 21 06:30:00 web${sender} worker[17]: ${text}\n`;
  // Of each line another, as it is with real senders: what lines share is stored only once.
  const time = `2026-11-21T06:30:00.${String(number * 997).padStart(6, "0")}Z`;
  const message = `<13>1 ${time} web${sender} worker 17 - - ${text}`;
  return form === "octet" ? `${message.length} ${message}` : `${message}\n`;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Resolves to everything received once the server has closed its side. */
async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  for (;;) {
    const length = await connection.read(buffer);
    if (length === null) return text;
    text += decoder.decode(buffer.subarray(0, length), { stream: true });
  }
}

async function send(load: LoggerLoad, sender: number): Promise<number> {
  const { port, lines, form, hasReceipts, senders, rate = Infinity } = load;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const chunk = new TextEncoder().encode(
    Array.from({ length: LINES_AT_ONCE }, (_, number) => lineOf(form, sender, number)).join(""),
  );
  const start = performance.now();
  for (let sent = 0; sent < lines; sent += LINES_AT_ONCE) {
    const waitMs = start + (sent * senders / rate) * 1000 - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await writeAll(connection, chunk);
  }
  await connection.closeWrite();
  const answer = hasReceipts ? await readAll(connection) : "";
  connection.close();
  return Number(/^stored (\d+) lines/m.exec(answer)?.[1] ?? 0);
}

if (import.meta.main) {
  const load: LoggerLoad = JSON.parse(Deno.args[0]);
  const start = performance.now();
  const senders = Array.from({ length: load.senders }, (_, sender) => send(load, sender));
  const stored = (await Promise.all(senders)).reduce((sum, lines) => sum + lines, 0);
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, stored } satisfies LoggerLoadResult));
}

/** Rounds up to whole chunks, because lines are sent in chunks. */
export function roundUp(lines: number): number {
  return Math.ceil(lines / LINES_AT_ONCE) * LINES_AT_ONCE;
}
