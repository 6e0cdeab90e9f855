/**
 * Reads `[cluster]` of the configuration file: which NATS servers give many nodes one order.
 *
 * @module
 */

import type { ConfigFile } from "../options/config_file.ts";
import { readTable } from "../options/config_tables.ts";
import type { Resolved } from "../options/option.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { parseDuration } from "../options/quantity.ts";
import { cannotParse, complain } from "../options/usage_error.ts";

/** Servers that make a majority possible when one of them is down. */
const ENOUGH_SERVERS = 3;
/** The range of `keep-for`. */
const KEEP_RANGE = { least: "1h", most: "520w" };

const CLUSTER_KEYS = [
  { name: "servers", kind: "list", value: "URL", doc: "the NATS servers, as nats://HOST:PORT" },
  {
    name: "name",
    kind: "string",
    value: "NAME",
    default: "partyline",
    doc: "the name of the cluster, the same on all nodes",
  },
  {
    name: "node",
    kind: "string",
    value: "NAME",
    doc: "the name of this node, different on each",
  },
  {
    name: "replicas",
    kind: "integer",
    value: "N",
    min: 1,
    max: 5,
    doc: "copies of what the stream holds; 3 if there are three servers, else 1",
  },
  {
    name: "keep-for",
    kind: "string",
    value: "TIME",
    default: "1w",
    doc: "how long the stream keeps entries, and so how long a node may be away",
  },
  { name: "user", kind: "string", value: "NAME", doc: "the user name of this node at the servers" },
  { name: "password", kind: "string", value: "TEXT", doc: "the password of that user" },
  { name: "token", kind: "string", value: "TEXT", doc: "a token instead of user and password" },
  { name: "creds", kind: "string", value: "FILE", doc: "a credentials file instead of those" },
  { name: "tls-ca", kind: "string", value: "FILE", doc: "the CA of the servers' certificates" },
  { name: "tls-cert", kind: "string", value: "FILE", doc: "the certificate of this node" },
  { name: "tls-key", kind: "string", value: "FILE", doc: "the key of that certificate" },
] as const satisfies readonly OptionSpec[];

export interface ClusterOptions {
  readonly servers: readonly string[];
  readonly name: string;
  readonly node: string;
  readonly replicas: number;
  readonly keepForMs: number;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** The content of a credentials file. */
  readonly credentials?: string;
  /** Texts in PEM. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/**
 * Reads the settings; `undefined` without `[cluster]`.
 *
 * @param readTextFile As `Deno.readTextFile`.
 * @throws {UsageError} for anything invalid or missing, or if a file cannot be read.
 */
export async function readCluster(
  file: ConfigFile | undefined,
  readTextFile: (path: string) => Promise<string>,
): Promise<ClusterOptions | undefined> {
  if (file?.values.cluster === undefined) return undefined;
  const keys = readTable(file, "cluster", CLUSTER_KEYS);
  const content = async (key: Resolved<string | undefined>) =>
    key.value === undefined
      ? undefined
      : await readFile({ ...key, value: key.value }, readTextFile);
  const servers = parseServers(keys.servers);
  const ca = await content(keys["tls-ca"]);
  const cert = await content(keys["tls-cert"]);
  const key = await content(keys["tls-key"]);
  if ((cert === undefined) !== (key === undefined)) {
    throw complain(keys["tls-cert"].origin, "tls-cert and tls-key belong together: give both");
  }
  return {
    servers,
    name: parseToken(keys.name),
    node: parseToken(keys.node),
    replicas: keys.replicas.value ?? (servers.length >= ENOUGH_SERVERS ? ENOUGH_SERVERS : 1),
    keepForMs: parseDuration(keys["keep-for"].value, keys["keep-for"].origin, KEEP_RANGE),
    user: keys.user.value,
    password: keys.password.value,
    token: keys.token.value,
    credentials: await content(keys.creds),
    ...((ca ?? cert) !== undefined && { tls: { ca, cert, key } }),
  };
}

function parseServers({ value, origin }: Resolved<readonly string[] | undefined>) {
  if (value === undefined || value.length === 0) {
    throw complain(origin, `[cluster] needs servers, such as ["nats://127.0.0.1:4222"]`);
  }
  for (const server of value) {
    // The library takes user names and passwords elsewhere, and would log them here.
    const isAddress = /^(nats|tls):\/\/([^\s/@:]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(server);
    if (isAddress) continue;
    throw cannotParse(origin, JSON.stringify(server), "write nats://HOST:PORT or tls://HOST:PORT");
  }
  return value;
}

/** A name that can be a part of NATS subjects. */
function parseToken({ value, origin }: Resolved<string | undefined>): string {
  if (value === undefined) {
    throw complain(origin, `[cluster] needs ${origin.label}, such as ${origin.label} = "a"`);
  }
  if (/^[a-z\d_-]{1,32}$/i.test(value)) return value;
  throw cannotParse(origin, JSON.stringify(value), "use at most 32 letters, digits, _ and -");
}

async function readFile(
  { value, origin }: Resolved<string>,
  readTextFile: (path: string) => Promise<string>,
): Promise<string> {
  try {
    return await readTextFile(value);
  } catch (error) {
    throw complain(origin, `Cannot read ${value}: ${(error as Error).message}`);
  }
}
