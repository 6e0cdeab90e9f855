import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Listener } from "../../lib/transport/connection.ts";
import { type Endpoint, ListenError, parseEndpoint } from "../../lib/transport/endpoint.ts";
import { listenUnix } from "../../lib/transport/unix.ts";
import { SocketDirectory } from "../support/socket_directory.ts";
import { StreamPeer } from "../support/stream_peer.ts";
import { testByteTransport } from "./connection_contract.ts";

const directory = new SocketDirectory();
globalThis.addEventListener("unload", () => directory[Symbol.dispose]());

function unixEndpoint(path: string): Endpoint {
  return parseEndpoint(`unix://${path}`);
}

async function connect({ endpoint }: Listener): Promise<StreamPeer> {
  const { path } = parseEndpoint(endpoint);
  try {
    return new StreamPeer(await Deno.connect({ transport: "unix", path: path! }));
  } catch (error) {
    // Without the file there is nobody to refuse.
    if (error instanceof Deno.errors.NotFound) throw new Deno.errors.ConnectionRefused(path);
    throw error;
  }
}

testByteTransport("listenUnix()", {
  listen: () => listenUnix(unixEndpoint(directory.newPath())),
  connect,
});

Deno.test("listenUnix() reports its path", async () => {
  using directory = new SocketDirectory();
  const listener = await listenUnix(unixEndpoint(`${directory.path}/50%25%20off`));
  assertEquals(listener.endpoint, `unix://${directory.path}/50%25 off`);
  listener.close();
});

Deno.test("listenUnix() gives every peer an address of its own", async () => {
  using directory = new SocketDirectory();
  const listener = await listenUnix(unixEndpoint(directory.newPath()));
  const peers = [await connect(listener), await connect(listener)];
  const connections = [await listener.accept(), await listener.accept()];
  assertEquals(connections.map(({ address }) => address), ["unix#1", "unix#2"]);
  assertEquals(connections.map(({ remote }) => remote), ["unix#1", "unix#2"]);
  for (const connection of connections) connection.close();
  for (const peer of peers) peer.vanish();
  listener.close();
});

Deno.test("listenUnix() creates a socket for owner and group, and removes it on close()", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  const listener = await listenUnix(unixEndpoint(path));
  const { isSocket, mode } = Deno.lstatSync(path);
  assert(isSocket);
  assertEquals(mode! & 0o777, 0o660);
  listener.close();
  assertEquals(directory.names(), []);
});

Deno.test("listenUnix() replaces the socket of a dead server", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  directory.leaveDeadSocket(path);
  await assertRejects(
    () => Deno.connect({ transport: "unix", path }),
    Deno.errors.ConnectionRefused,
  );

  const listener = await listenUnix(unixEndpoint(path));
  (await connect(listener)).vanish();
  (await listener.accept()).close();
  listener.close();
  assertEquals(directory.names(), []);
});

Deno.test("listenUnix() refuses the path of a live server without harming it", async () => {
  using directory = new SocketDirectory();
  const endpoint = unixEndpoint(directory.newPath());
  const listener = await listenUnix(endpoint);
  const error = await assertRejects(() => listenUnix(endpoint), ListenError);
  assertEquals(
    error.message,
    `Cannot listen on ${listener.endpoint}: another program listens there. ` +
      "Stop it, or choose another path with --listen.",
  );
  (await connect(listener)).vanish();
  listener.close();
});

Deno.test("listenUnix() never removes a file that is not a socket", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  Deno.writeTextFileSync(path, "precious");
  Deno.symlinkSync("nowhere", `${path}.link`);
  for (const taken of [path, `${path}.link`]) {
    await assertRejects(() => listenUnix(unixEndpoint(taken)), ListenError, "that is not a socket");
  }
  assertEquals(Deno.readTextFileSync(path), "precious");
  assert(Deno.lstatSync(`${path}.link`).isSymlink);
});

Deno.test("listenUnix() leaves a file alone that has replaced its own", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  const first = await listenUnix(unixEndpoint(path));
  Deno.removeSync(path);
  const second = await listenUnix(unixEndpoint(path));
  first.close();
  first.close();
  (await connect(second)).vanish();

  Deno.removeSync(path);
  Deno.writeTextFileSync(path, "precious");
  second.close();
  assertEquals(Deno.readTextFileSync(path), "precious");
});

Deno.test("listenUnix() reports a missing directory", async () => {
  await assertRejects(
    () => listenUnix(unixEndpoint("/nowhere/socket")),
    ListenError,
    "its directory does not exist. Create it, or choose another path with --listen.",
  );
});
