/**
 * One POST over HTTP/1.1 to a checked address. The name is resolved once, and only the addresses
 * that passed the check are connected to, so DNS cannot redirect it afterwards. It follows no
 * redirect and reads only the status of the response.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { request } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Clock, systemClock } from "../clock.ts";
import { VERSION } from "../version.ts";
import { isPublicAddress } from "./public_address.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
/** At most this many addresses of a name are tried. */
const MAX_ADDRESSES = 4;

export interface PostOptions {
  /** Whether an address may be connected to. @default {isPublicAddress} */
  readonly isAllowed?: (address: string) => boolean;
  /** Resolves a name. @default {the resolver of the system} */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Milliseconds to wait for a response. @default {10_000} */
  readonly timeoutMs?: number;
  /** Aborts the request. */
  readonly signal?: AbortSignal;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Trusted certificate authorities, in PEM. @default {those of the system} */
  readonly authorities?: readonly string[];
}

/** The POST failed. The message says why, without the URL, which may be a secret. */
export class PostError extends Error {
  override readonly name = "PostError";
  /** Whether another attempt may succeed. */
  readonly isTemporary: boolean;

  constructor(message: string, isTemporary: boolean) {
    super(message);
    this.isTemporary = isTemporary;
  }
}

/**
 * Posts a JSON text.
 *
 * @throws {PostError} unless the response has a 2xx status.
 */
export async function postJson(url: URL, json: string, options: PostOptions = {}): Promise<void> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock, signal } = options;
  const end = new AbortController();
  const giveUp = (reason: string) => () => end.abort(new PostError(reason, true));
  const cancel = clock.after(timeoutMs, giveUp(`no response within ${timeoutMs / 1000} s`));
  const onStop = giveUp("the server is stopping");
  signal?.addEventListener("abort", onStop);
  if (signal?.aborted) onStop();
  try {
    const addresses = await orEnd(addressesOf(url, options), end.signal);
    judge(await postToOne(addresses, { url, json, end: end.signal, ...options }));
  } finally {
    cancel();
    signal?.removeEventListener("abort", onStop);
  }
}

/** @throws {PostError} unless the status is 2xx. */
function judge(status: number): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    throw new PostError(`the response was ${status}, and redirects are not followed`, false);
  }
  const isTemporary = status === 408 || status === 429 || status >= 500;
  throw new PostError(`the response was ${status}`, isTemporary);
}

async function addressesOf(
  { hostname }: URL,
  { isAllowed = isPublicAddress, resolve = resolveBySystem }: PostOptions,
): Promise<readonly string[]> {
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(name) ? [name] : await resolve(name).catch(({ message }) => {
    throw new PostError(`cannot resolve its name: ${message}`, true);
  });
  if (addresses.length === 0) throw new PostError("its name has no address", true);
  const refused = addresses.find((address) => !isAllowed(address));
  if (refused === undefined) return addresses;
  throw new PostError(
    `${refused} is not a public internet address; set allow-private = true to allow it`,
    false,
  );
}

async function resolveBySystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

interface Posting extends PostOptions {
  readonly url: URL;
  readonly json: string;
  /** Aborted with the error to throw. */
  readonly end: AbortSignal;
}

/** Posts to the first address that accepts a connection, and returns the status. */
async function postToOne(addresses: readonly string[], posting: Posting): Promise<number> {
  let failure: Error | undefined;
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const answer = await postTo(address, posting);
    if (typeof answer === "number") return answer;
    failure = answer;
  }
  throw new PostError(`cannot connect: ${failure!.message}`, true);
}

/**
 * Returns the status of the response, or the error if there was no connection.
 *
 * @throws {PostError} for any failure after connecting.
 */
function postTo(
  address: string,
  { url, json, end, authorities }: Posting,
): Promise<number | Error> {
  const socket = connectTo(address, url, authorities);
  let isConnected = false;
  socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => isConnected = true);
  const body = new TextEncoder().encode(json);
  const sending = request({
    method: "POST",
    path: url.pathname + url.search,
    headers: {
      host: url.host,
      "content-type": "application/json",
      "content-length": body.length,
      "user-agent": `partyline/${VERSION}`,
      connection: "close",
    },
    createConnection: () => socket,
  });
  return new Promise<number | Error>((resolve, reject) => {
    end.addEventListener("abort", () => reject(end.reason), { once: true });
    sending.once("response", (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.on("error", () => {}).destroy();
    });
    sending.on("error", (error: Error) => {
      if (isConnected) reject(new PostError(`the connection broke: ${error.message}`, true));
      else resolve(error);
    });
    sending.end(body);
  }).finally(() => {
    sending.destroy();
    socket.destroy();
  });
}

function connectTo(
  host: string,
  { protocol, port, hostname }: URL,
  authorities: readonly string[] | undefined,
): Socket {
  if (protocol !== "https:") return connect({ host, port: Number(port || 80) });
  return connectTls({
    host,
    port: Number(port || 443),
    // The certificate must match the name, not the address.
    servername: isIP(hostname.replace(/^\[|\]$/g, "")) ? undefined : hostname,
    ca: authorities && [...authorities],
  });
}

/** Resolves like `work`, but rejects once the signal is aborted. */
function orEnd<Result>(work: Promise<Result>, end: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (end.aborted) reject(end.reason);
    end.addEventListener("abort", () => reject(end.reason), { once: true });
    work.then(resolve, reject);
  });
}
