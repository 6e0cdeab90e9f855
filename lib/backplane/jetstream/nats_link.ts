/**
 * The connection to the NATS servers. When it is lost, the next one who needs it opens another; the
 * library's own reconnection is off, because consumers and subscriptions do not always survive it.
 *
 * @module
 */

import {
  type Authenticator,
  AuthorizationError,
  credsAuthenticator,
  type NatsConnection,
} from "@nats-io/transport-node";
import { StreamRefusedError } from "../entry_stream.ts";
import { connect } from "./guarded_transport.ts";

/** Milliseconds until an attempt to connect fails, and until a request does. */
export const REQUEST_MS = 3000;
/** Milliseconds between looks whether a silent server is still there. */
const PING_MS = 1000;
/** A server that leaves so many unanswered is taken for gone. */
const PINGS = 2;

export interface NatsLinkOptions {
  /** As `nats://HOST:PORT` or `tls://HOST:PORT`. */
  readonly servers: readonly string[];
  /** Shown in the lists of the servers. */
  readonly name: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** The content of a credentials file. */
  readonly credentials?: Uint8Array;
  /** Texts in PEM. Without them, TLS is used where a server asks for it. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export class NatsLink implements AsyncDisposable {
  readonly #options: NatsLinkOptions;
  #connecting: Promise<NatsConnection> | undefined;
  #onConnected: ((connection: NatsConnection) => void)[] = [];
  /** Whether any attempt has succeeded: from then on, a refusal may pass. */
  #wasConnected = false;
  /** The `HOST:PORT` of the last connection. */
  #last: string | undefined;
  #isClosed = false;

  constructor(options: NatsLinkOptions) {
    this.#options = options;
  }

  /** Calls `work` with each new connection, before anybody else gets it. */
  onConnected(work: (connection: NatsConnection) => void): void {
    this.#onConnected.push(work);
  }

  /** The open connection, if there is one: for messages that may get lost. */
  open: NatsConnection | undefined;

  /**
   * @throws {StreamRefusedError} if the first connection is refused.
   * @throws {Error} if no server can be reached.
   */
  connection(): Promise<NatsConnection> {
    if (this.#isClosed) return Promise.reject(new Error("the link was closed"));
    if (!this.#connecting) {
      const connecting = this.#connect();
      const forget = () => {
        if (this.#connecting === connecting) this.#connecting = this.open = undefined;
      };
      this.#connecting = connecting;
      connecting.then((connection) => connection.closed().then(forget, forget), forget);
    }
    return this.#connecting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const connection = await this.#connecting?.catch(() => undefined);
    await connection?.close();
  }

  async #connect(): Promise<NatsConnection> {
    const { name, user, password, token, credentials, tls } = this.#options;
    const authenticator: Authenticator | undefined = credentials && credsAuthenticator(credentials);
    try {
      const connection = await connect({
        servers: this.#serversInOrder(),
        noRandomize: true,
        name,
        user,
        pass: password,
        token,
        ...(authenticator && { authenticator }),
        ...(tls && { tls: { ...tls } }),
        timeout: REQUEST_MS,
        reconnect: false,
        pingInterval: PING_MS,
        maxPingOut: PINGS,
        noAsyncTraces: true,
      });
      this.#wasConnected = true;
      this.#last = connection.getServer();
      this.open = connection;
      for (const work of this.#onConnected) work(connection);
      return connection;
    } catch (error) {
      throw this.#explained(error as Error);
    }
  }

  /** In random order, the one that failed at the end: a frozen server accepts connections. */
  #serversInOrder(): string[] {
    const isLast = (server: string) => new URL(server).host === this.#last;
    const { servers } = this.#options;
    const others = servers.filter((server) => !isLast(server));
    return [...others.toSorted(() => Math.random() - 0.5), ...servers.filter(isLast)];
  }

  #explained(error: Error): Error {
    const where = this.#options.servers.join(", ");
    if (error instanceof AuthorizationError && !this.#wasConnected) {
      return new StreamRefusedError(
        `The NATS server at ${where} refuses the credentials of this node. Check user, password, ` +
          `token and credentials in [cluster]`,
      );
    }
    return new Error(`cannot connect to ${where}: ${error.message}`);
  }
}
