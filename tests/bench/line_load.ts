/**
 * Loads a service that answers each line with one line. Runs in a process of its own, so that the
 * server has its core to itself. Takes one JSON argument, prints `warm` when the measurement starts
 * and one JSON line when it ends.
 *
 * @module
 */

/** The JSON argument. */
export interface LineLoad {
  readonly port: number;
  readonly connections: number;
  /** Lines in flight per connection. The next ones are sent when all have been answered. */
  readonly window: number;
  /** The line to send, without its end. `%` becomes the number of the connection. */
  readonly line: string;
  /** Answers to wait for before measuring, so that code is compiled and caches are warm. */
  readonly warmAnswers: number;
  readonly seconds: number;
}

/** The JSON line printed at the end. */
export interface LineLoadResult {
  /** Lines answered during `seconds`. */
  readonly answers: number;
  readonly seconds: number;
}

const NEWLINE = 0x0a;
const load: LineLoad = JSON.parse(Deno.args[0]);
const connections = await Promise.all(
  Array.from({ length: load.connections }, () => Deno.connect({ port: load.port })),
);
let answers = 0;
let isOver = false;
const running = connections.map(run);
while (answers < load.warmAnswers) await pause(50);
console.log("warm");
const before = answers;
const start = performance.now();
await pause(load.seconds * 1000);
const result: LineLoadResult = {
  answers: answers - before,
  seconds: (performance.now() - start) / 1000,
};
console.log(JSON.stringify(result));
isOver = true;
await Promise.all(running);

async function run(connection: Deno.TcpConn, number: number): Promise<void> {
  connection.setNoDelay();
  const line = `${load.line.replace("%", String(number))}\r\n`;
  const request = new TextEncoder().encode(line.repeat(load.window));
  const buffer = new Uint8Array(64 * 1024);
  while (!isOver) {
    for (let at = 0; at < request.length;) at += await connection.write(request.subarray(at));
    for (let due = load.window; due > 0;) {
      const length = await connection.read(buffer);
      if (length === null) throw new Error("Cannot read: the server closed the connection");
      const count = countLines(buffer.subarray(0, length));
      due -= count;
      answers += count;
    }
  }
  connection.close();
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
