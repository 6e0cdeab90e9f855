/**
 * Services over datagrams: each line of a datagram is heard, and the answers go back as one
 * datagram.
 *
 * Senders' addresses can be forged, so an answer may hit somebody who never asked. Hence it goes to
 * no port below 1024, where other servers are that might answer it in turn; it is never longer than
 * the request, so that nobody's attack grows by it; and no source gets more than its budget, which
 * ends a quarrel with another server at a higher port as well.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";
import { type ConnectionContext, runInConnection } from "../context.ts";
import { log } from "../log.ts";
import type { Datagram, DatagramSocket } from "../transport/datagram.ts";
import { joinAnswers, readDatagramLines } from "./datagram_lines.ts";
import { untilQuiet } from "./drain.ts";
import { DropWatch } from "./drop_watch.ts";
import { ReplyBudget } from "./reply_budget.ts";
import type { DatagramOrigin, Service } from "./service.ts";

const FIRST_FREE_PORT = 1024;
/** Answers to one source. */
const REPLY_RATE = 100;
const REPLY_BURST = 100;
const MAX_SOURCES = 10_000;
/** The pause after a failed receive, in milliseconds. */
const PAUSE_MS = 100;
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

/** What is served at a socket, and how. */
export interface DatagramBinding {
  readonly service: Service;
  /** The endpoint's scheme, e.g. `udp`. */
  readonly scheme: string;
  /** Longest line in bytes; absent is the service's choice. */
  readonly maxLineBytes?: number;
  /** What the endpoint says to the service. */
  readonly options?: ReadonlyMap<string, string>;
  readonly clock: Clock;
  /** Closes the socket, once what is known of it has been told. */
  readonly signal?: AbortSignal;
}

/**
 * Serves what comes in until the socket is closed, or the signal aborted, and resolves then.
 *
 * @throws {RangeError} where the service takes no datagrams.
 */
export async function serveDatagrams(
  socket: DatagramSocket,
  binding: DatagramBinding,
): Promise<void> {
  const { service, clock, scheme, signal, options: endpointOptions = NO_OPTIONS } = binding;
  if (!service.hear && !service.takeDatagram) {
    throw new RangeError(`Cannot serve ${socket.endpoint}: ${service.name} takes no datagrams`);
  }
  const budget = new ReplyBudget({
    rate: REPLY_RATE,
    burst: REPLY_BURST,
    maxSources: MAX_SOURCES,
    clock,
  });
  const { endpoint } = socket;
  const note = (datagrams: number) => {
    service.noteDrops?.({ datagrams, endpoint, scheme, endpointOptions });
  };
  const watch = service.noteDrops ? new DropWatch(socket, { clock, note }) : undefined;
  let received = 0;
  const stopped = new Promise<void>((resolve) => {
    const stop = async () => {
      let seen = -1;
      await untilQuiet(clock, () => seen === (seen = received));
      await watch?.stop();
      socket.close();
      resolve();
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
  for (;;) {
    try {
      for await (const datagram of socket.receive()) {
        received++;
        watch?.noteReceived();
        // Number 0: a datagram belongs to no connection.
        const context: ConnectionContext = {
          connection: 0,
          transport: scheme,
          remote: datagram.source,
        };
        await runInConnection(context, () => serveDatagram(datagram, binding, budget));
      }
      if (signal?.aborted) await stopped;
      return;
    } catch (error) {
      log("server").warning("Cannot receive datagrams for now: {error}", { error });
      await sleep(clock, PAUSE_MS);
    }
  }
}

async function serveDatagram(
  datagram: Datagram,
  binding: DatagramBinding,
  budget: ReplyBudget,
): Promise<void> {
  const { service, scheme, maxLineBytes = service.maxLineBytes } = binding;
  const { source: remote, address, bytes, port = FIRST_FREE_PORT } = datagram;
  const { options: endpointOptions = NO_OPTIONS } = binding;
  const origin = { remote, address, scheme, endpointOptions, maxLineBytes };
  if (service.takeDatagram) return await takeWhole(service, bytes, origin);
  try {
    const answers = hearLines(service, bytes, origin);
    if (answers.length === 0 || port < FIRST_FREE_PORT) return;
    const answer = joinAnswers(answers, bytes);
    if (answer && budget.take(address)) await datagram.reply(answer);
  } catch (error) {
    log("server").debug("Cannot answer a datagram: {error}", { error });
  }
}

async function takeWhole(
  service: Service,
  bytes: Uint8Array,
  origin: DatagramOrigin,
): Promise<void> {
  try {
    await service.takeDatagram!(bytes, origin);
  } catch (error) {
    log("server").error("Service failed: {error}", { error });
  }
}

function hearLines(service: Service, bytes: Uint8Array, origin: DatagramOrigin): string[] {
  const answers: string[] = [];
  for (const { text, damage } of readDatagramLines(bytes, origin.maxLineBytes)) {
    try {
      const answer = service.hear!(text, { ...origin, damage });
      if (answer !== undefined) answers.push(answer);
    } catch (error) {
      // The other lines of the datagram are as good as if they had come alone.
      log("server").error("Service failed: {error}", { error });
    }
  }
  return answers;
}
