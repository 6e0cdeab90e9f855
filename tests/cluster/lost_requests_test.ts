/**
 * Requests that get lost: servers that are electing a leader answer none, and a consumer may be
 * placed on a server that has just died. Here a relay loses the first request of a kind.
 */

import { connect } from "@nats-io/transport-node";
import { assertEquals } from "@std/assert";
import { JetstreamStream } from "../../lib/backplane/jetstream/jetstream_stream.ts";
import { NatsLink } from "../../lib/backplane/jetstream/nats_link.ts";
import { NatsRelay } from "../support/nats_relay.ts";
import { NatsServers } from "../support/nats_servers.ts";

const ENTRY = new TextEncoder().encode("one");

/** A stream with an entry, on a link that loses the first request of a kind. */
async function setUp(kind: string) {
  await using stack = new AsyncDisposableStack();
  const servers = stack.use(await NatsServers.start());
  const relay = stack.use(new NatsRelay(servers.all.map(({ port }) => port)));
  const open = (urls: readonly string[]) => {
    const link = stack.use(new NatsLink({ servers: urls, name: "test" }));
    return new JetstreamStream(link, { name: "test", replicas: 1, maxAgeMs: 86_400_000 });
  };
  const direct = open(servers.urls);
  await direct.describe(true);
  await direct.publish(ENTRY, "1");
  const api = await connect({ servers: servers.urls });
  stack.defer(() => api.close());
  const lost: string[] = [];
  api.subscribe("$NO.API.>", { callback: (_, { subject }) => void lost.push(subject) });
  await api.flush();
  relay.rewrite = (text) => {
    return lost.length > 0 ? text : text.replace(`$JS.API.${kind}`, `$NO.API.${kind}`);
  };
  return { stream: open(relay.urls), api, lost, stack: stack.move() };
}

Deno.test("JetstreamStream.describe() asks again if a request gets lost", async () => {
  const { stream, lost, stack } = await setUp("STREAM.INFO");
  await using _ = stack;
  assertEquals((await stream.describe(false)).lastSeq, 1);
  assertEquals(lost.length, 1);
});

Deno.test("JetstreamStream.entryAt() asks again if a request gets lost", async () => {
  const { stream, lost, stack } = await setUp("STREAM.MSG.GET");
  await using _ = stack;
  assertEquals((await stream.entryAt(1))?.bytes, ENTRY);
  assertEquals(lost.length, 1);
});

Deno.test("JetstreamStream.read() asks for another consumer if the first is not created", async () => {
  const { stream, api, lost, stack } = await setUp("CONSUMER.CREATE");
  await using _ = stack;
  const removed: string[] = [];
  const removals = Promise.withResolvers<void>();
  api.subscribe("$JS.API.CONSUMER.DELETE.>", {
    callback: (_, { subject }) => {
      if (removed.push(subject.split(".").at(-1)!) === 2) removals.resolve();
    },
  });
  await api.flush();
  const read: string[] = [];
  for await (const [{ bytes }] of stream.read(0, new AbortController().signal)) {
    read.push(new TextDecoder().decode(bytes));
    break;
  }
  assertEquals(read, ["one"]);
  await removals.promise;
  assertEquals(removed[0], lost[0].split(".").at(-1), "the one that did not come is not left");
});
