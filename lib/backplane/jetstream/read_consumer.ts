/**
 * Reads a stream through a push consumer that lives only as long as nothing is in doubt: a message
 * out of order, a missing heartbeat, a lost connection. The reader then starts again from where
 * they are; the ordered consumers of the client libraries have failed to do that after reconnections.
 *
 * @module
 */

import type { ConsumerConfig, JetStreamManager } from "@nats-io/jetstream";
import {
  createInbox,
  nanos,
  type NatsConnection,
  type Subscription,
} from "@nats-io/transport-node";
import type { StreamEntry } from "../entry_stream.ts";
import { askRepeatedly } from "./ask_repeatedly.ts";
import { ConsumerInbox } from "./consumer_inbox.ts";

/** Milliseconds between signs of life of a consumer that has nothing to deliver. */
const HEARTBEAT_MS = 500;

export interface ReadConsumerOptions {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly stream: string;
  /** The place after which reading begins. */
  readonly after: number;
  /** The server that is to keep the consumer. @default {any server} */
  readonly server?: string;
  readonly config: Partial<ConsumerConfig>;
}

export async function* readConsumer(
  options: ReadConsumerOptions,
  signal: AbortSignal,
): AsyncIterable<readonly StreamEntry[]> {
  const consumers = new Set<Consumer>();
  /** Whether a consumer was chosen, or none is wanted any more. */
  let isSettled = false;
  const end = () => {
    for (const each of consumers) each.inbox.end();
  };
  signal.addEventListener("abort", end, { once: true });
  options.connection.closed().then(end, end);
  try {
    // A new consumer each time: servers may place one on a server whose death they have not noticed.
    const consumer = await askRepeatedly(async () => {
      while (!isSettled) {
        const consumer = new Consumer(options);
        consumers.add(consumer);
        const server = await consumer.create();
        if (!isSettled && (!options.server || server === options.server)) {
          isSettled = true;
          return consumer;
        }
        consumer.remove();
      }
      throw new Error("it came too late");
    });
    for (const other of consumers) {
      if (other !== consumer) other.remove();
    }
    while (!signal.aborted) {
      const entries = await consumer.inbox.next();
      if (!entries || signal.aborted) return;
      if (entries.length > 0) yield entries;
    }
  } finally {
    isSettled = true;
    signal.removeEventListener("abort", end);
    for (const each of consumers) each.remove();
  }
}

/** A consumer that delivers to an inbox of its own. */
class Consumer {
  readonly inbox: ConsumerInbox;
  readonly #options: ReadConsumerOptions;
  readonly #name = crypto.randomUUID();
  readonly #subject = createInbox();
  readonly #subscription: Subscription;
  #isRemoved = false;

  constructor(options: ReadConsumerOptions) {
    this.#options = options;
    const { connection, after } = options;
    const inbox = this.inbox = new ConsumerInbox(after, (subject) => connection.publish(subject));
    this.#subscription = connection.subscribe(this.#subject, {
      callback: (error, message) => error ? inbox.end() : inbox.take(message),
    });
  }

  /** Returns the name of the server that keeps it. @throws {Error} if it cannot be created. */
  async create(): Promise<string | undefined> {
    const { manager, stream, after, config } = this.#options;
    const { cluster } = await manager.consumers.add(stream, {
      ...config,
      name: this.#name,
      deliver_subject: this.#subject,
      opt_start_seq: after + 1,
      idle_heartbeat: nanos(HEARTBEAT_MS),
      flow_control: true,
    });
    this.inbox.watch();
    return cluster?.leader;
  }

  remove(): void {
    this.inbox.end();
    const { connection, manager, stream } = this.#options;
    if (this.#isRemoved || connection.isClosed()) return;
    this.#isRemoved = true;
    this.#subscription.unsubscribe();
    // If this fails, the server removes it some seconds after we stop listening.
    manager.consumers.delete(stream, this.#name).catch(() => {});
  }
}
