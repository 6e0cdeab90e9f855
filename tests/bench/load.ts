/**
 * Loads a chat server that speaks plain lines. Runs in a process of its own, so that the server has
 * its core to itself. Takes one JSON argument, prints `ready` once all clients have entered, and then
 * one JSON line.
 *
 * Every client counts the lines it receives. One client of each room, its watcher, also parses them:
 * a message carries `@sender:sequence:time@`, from which the watcher checks order, loss and latency,
 * and the sender counts its messages in flight.
 *
 * @module
 */

/** The JSON argument. */
export interface Load {
  readonly port: number;
  readonly clients: number;
  /** How many clients send, over all rooms. They are the first of each room. */
  readonly senders: number;
  readonly rooms: number;
  /** Most messages in flight per sender; ignored if `rate` is set. */
  readonly window?: number;
  /** Messages per second over all senders. */
  readonly rate?: number;
  readonly seconds: number;
}

/** The JSON line printed at the end. */
export interface LoadResult {
  readonly connectsPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Milliseconds from sending a message to the watcher reading it; 0 without messages. */
  readonly p50: number;
  readonly p99: number;
  /** Messages that the watcher missed, or received out of order. */
  readonly wrong: number;
}

const NEWLINE = 0x0a;
const LOGINS_AT_ONCE = 100;
/** Of each client; of many thousands together, no more than 64 MiB. */
const BUFFER_BYTES = Math.min(64 * 1024, 64 * 2 ** 20 / JSON.parse(Deno.args[0]).clients);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

class Client {
  lines = 0;
  received = "";
  onLine: ((line: string) => void) | undefined;
  onReady: (() => void) | undefined;
  readonly connection: Deno.TcpConn;

  constructor(connection: Deno.TcpConn) {
    this.connection = connection;
  }

  async read(): Promise<void> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (;;) {
      const length = await this.connection.read(buffer).catch(() => null);
      if (length === null) return;
      const chunk = buffer.subarray(0, length);
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
        this.lines++;
      }
      if (!this.onLine && !this.onReady) continue;
      const lines = (this.received + decoder.decode(chunk)).split("\r\n");
      this.received = lines.pop()!;
      for (const line of lines) {
        if (this.onReady && line.includes("You are in")) this.onReady();
        this.onLine?.(line);
      }
    }
  }

  /** Sends a line and waits until the server confirms the room. */
  async enter(line: string): Promise<void> {
    const ready = new Promise<void>((resolve) => this.onReady = resolve);
    await this.send(`${line}\r\n`);
    await ready;
    this.onReady = undefined;
    this.received = "";
  }

  async send(text: string): Promise<void> {
    let bytes = encoder.encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(await this.connection.write(bytes));
  }
}

const load: Load = JSON.parse(Deno.args[0]);
const clients: Client[] = [];
const started = performance.now();
while (clients.length < load.clients) {
  const count = Math.min(LOGINS_AT_ONCE, load.clients - clients.length);
  await Promise.all(Array.from({ length: count }, () => connect(clients.length)));
}
const connectSeconds = (performance.now() - started) / 1000;
if (load.rooms > 1) {
  for (let start = 0; start < clients.length; start += LOGINS_AT_ONCE) {
    const some = clients.slice(start, start + LOGINS_AT_ONCE);
    await Promise.all(
      some.map((client, index) => client.enter(`/join room${(start + index) % load.rooms}`)),
    );
  }
}
// Waits until everyone has seen the joins.
await pause(1500);

console.log("ready");
const latencies: number[] = [];
let sent = 0;
let seen = 0;
let wrong = 0;
const expected = new Map<string, number>();
const credit = new Map<string, () => void>();
// The last client of a room watches, because the first ones send.
for (const watcher of clients.slice(-load.rooms)) watcher.onLine = watch;
const before = countLines();
const start = performance.now();
const end = start + load.seconds * 1000;
if (load.senders > 0) await (load.rate ? sendAtRate(load.rate) : flood(load.window!));
else await pause(load.seconds * 1000);
const seconds = (performance.now() - start) / 1000;
const deliveries = countLines() - before;
for (let waited = 0; seen + wrong < sent && waited < 5000; waited += 50) await pause(50);
latencies.sort((a, b) => a - b);
const result: LoadResult = {
  connectsPerSecond: load.clients / connectSeconds,
  deliveriesPerSecond: deliveries / seconds,
  p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
  p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  wrong: wrong + sent - seen,
};
console.log(JSON.stringify(result));
// Keeps the clients connected while the parent process measures the server's memory.
await Deno.stdin.read(new Uint8Array(1));
Deno.exit();

async function connect(number: number): Promise<void> {
  const client = new Client(await Deno.connect({ hostname: "127.0.0.1", port: load.port }));
  clients.push(client);
  client.connection.setNoDelay();
  client.read();
  await client.enter(`u${number}x${Math.random().toString(36).slice(2, 8)}`);
}

function watch(line: string): void {
  const match = /@(\d+):(\d+):([\d.]+)@/.exec(line);
  if (!match) return;
  const [, sender, sequence, time] = match;
  if (Number(sequence) === (expected.get(sender) ?? 0)) seen++;
  else wrong++;
  expected.set(sender, Number(sequence) + 1);
  latencies.push(performance.now() - Number(time));
  credit.get(sender)?.();
}

function message(sender: number, sequence: number): string {
  sent++;
  return `@${sender}:${sequence}:${performance.now().toFixed(3)}@`.padEnd(64, "x") + "\r\n";
}

async function flood(window: number): Promise<void> {
  await Promise.all(
    clients.slice(0, load.senders).map(async (client, sender) => {
      let sequence = 0;
      let inFlight = 0;
      let wake = () => {};
      credit.set(String(sender), () => {
        inFlight--;
        wake();
      });
      while (performance.now() < end) {
        let text = "";
        for (; inFlight < window; inFlight++) text += message(sender, sequence++);
        await client.send(text);
        if (inFlight >= window) {
          const timer = setTimeout(() => wake(), 200);
          await new Promise<void>((resolve) => wake = resolve);
          clearTimeout(timer);
        }
      }
    }),
  );
}

async function sendAtRate(rate: number): Promise<void> {
  const sequences = new Map<number, number>();
  for (let count = 0; performance.now() < end; count++) {
    const sender = count % load.senders;
    const sequence = sequences.get(sender) ?? 0;
    sequences.set(sender, sequence + 1);
    await clients[sender].send(message(sender, sequence));
    const due = start + (count + 1) * 1000 / rate;
    if (due > performance.now()) await pause(due - performance.now());
  }
}

function countLines(): number {
  return clients.reduce((sum, { lines }) => sum + lines, 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
