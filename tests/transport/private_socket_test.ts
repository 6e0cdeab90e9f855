import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  connectPrivately,
  isPathTooLong,
  listenPrivately,
} from "../../lib/transport/private_socket.ts";
import { SocketDirectory } from "../support/socket_directory.ts";

Deno.test("listenPrivately() creates a socket for the owner alone, and removes it", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  const listener = listenPrivately(path);
  assertEquals(Deno.lstatSync(path).mode! & 0o777, 0o600);
  assertEquals(directory.names().length, 1);
  const accepted = listener.accept();
  const client = (await connectPrivately(path))!;
  const server = await accepted;
  await client.write(new TextEncoder().encode("hello"));
  for await (const bytes of server.bytes) {
    assertEquals(new TextDecoder().decode(bytes), "hello");
    break;
  }
  client.close();
  server.close();
  listener.close();
  listener.close();
  assertEquals(directory.names(), []);
});

Deno.test("listenPrivately() replaces what killed processes left behind", () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  directory.leaveDeadSocket(path);
  Deno.mkdirSync(`${path}~`);
  directory.leaveDeadSocket(`${path}~/s`);
  listenPrivately(path).close();
  assertEquals(directory.names(), []);
});

Deno.test("listenPrivately() touches no other file", () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  Deno.writeTextFileSync(path, "precious");
  assertThrows(() => listenPrivately(path), Error, "there is a file that is not a socket");
  assertEquals(Deno.readTextFileSync(path), "precious");
  const other = directory.newPath();
  const listener = listenPrivately(other);
  Deno.removeSync(other);
  Deno.writeTextFileSync(other, "somebody else's");
  listener.close();
  assertEquals(Deno.readTextFileSync(other), "somebody else's");
});

Deno.test("isPathTooLong() knows the error for a path that no socket can have", () => {
  using directory = new SocketDirectory();
  const path = `${directory.path}/${"x".repeat(120)}`;
  assert(isPathTooLong(assertThrows(() => listenPrivately(path), Error)));
  assertEquals(directory.names(), []);
});

Deno.test("connectPrivately() finds nobody at a path without a listener", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  assertEquals(await connectPrivately(path), undefined);
  directory.leaveDeadSocket(path);
  assertEquals(await connectPrivately(path), undefined);
});
