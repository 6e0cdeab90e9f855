/**
 * Reads `--listen SERVICE=ENDPOINT`: which service listens where. Nothing is opened here.
 *
 * @module
 */

import type { EndpointOption } from "../service/endpoint_option.ts";
import {
  type Endpoint,
  EndpointError,
  formatEndpoint,
  parseEndpoint,
} from "../transport/endpoint.ts";
import { carriesDatagrams } from "../transport/mod.ts";
import type { Resolved } from "./option.ts";
import { cannotParse, complain, nearest, oneOf } from "./usage_error.ts";

/** A service, and where it listens. */
export interface ListenOption {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** Whether nobody chose the port: it is that of a tutorial. */
  readonly isTutorial?: boolean;
}

/** A service that may be listened for. */
export interface KnownService {
  readonly name: string;
  /** The endpoint options it understands, besides `idle` and `max-line`. */
  readonly endpointOptions: readonly EndpointOption[];
  /** Whether it can be had over datagrams. */
  readonly takesDatagrams?: boolean;
  /** Where `--tutorials` has it listen, if it is one of the small services. */
  readonly tutorialEndpoint?: string;
}

/** Whether `--listen` can name a service so. */
export function isServiceName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/**
 * Parses what `--listen` resolved to.
 *
 * @param tutorials What `--tutorials` adds to it.
 * @throws {UsageError} for text that is no `SERVICE=ENDPOINT`, a service or endpoint option that
 * nobody knows, a value that the option does not take, or an address given twice.
 */
export function parseListen(
  { value, origin }: Resolved<readonly string[]>,
  services: readonly KnownService[],
  tutorials: readonly string[] = [],
): readonly ListenOption[] {
  const addresses = new Set<string>();
  return [...value, ...tutorials].map((text, index) => {
    const isTutorial = index >= value.length;
    const refuse = (reason: string): never => {
      throw cannotParse(origin, JSON.stringify(text), reason);
    };
    const { service, endpoint } = parseBinding(text, services, refuse);
    const address = endpoint.path ??
      formatEndpoint(endpoint).replace(/^.*:\/\//, "").toLowerCase();
    // Without this the second would fail as "port taken", and send people to look for a culprit.
    // Streams and datagrams have ports of their own.
    const place = `${carriesDatagrams(endpoint.scheme)} ${address}`;
    const isFixed = endpoint.port !== 0 || endpoint.path !== undefined;
    if (isFixed && addresses.has(place)) {
      if (isTutorial) {
        const sentence = `Cannot use --tutorials: ${address} is the port of its ${service}`;
        throw complain(origin, `${sentence}; choose another for ${origin.label}`);
      }
      const what = endpoint.path === undefined ? "port" : "path";
      refuse(`${address} is given twice; choose another ${what}`);
    }
    addresses.add(place);
    return { service, endpoint, ...(isTutorial ? { isTutorial } : {}) };
  });
}

type Refuse = (reason: string) => never;

function parseBinding(
  text: string,
  services: readonly KnownService[],
  refuse: Refuse,
): ListenOption {
  const [, name = "", rest = ""] = /^([\w-]+)=(.*)$/s.exec(text) ??
    refuse("service is missing; write it as SERVICE=ENDPOINT, for example chat=tcp://HOST:PORT");
  const service = services.find((service) => service.name === name) ??
    refuse(unknown("service", name, services.map((service) => service.name)));
  const endpoint = readEndpoint(rest, refuse);
  if (carriesDatagrams(endpoint.scheme) && !service.takesDatagrams) {
    refuse(`${name} takes no datagrams; choose tcp, tls or unix`);
  }
  checkOptions(endpoint, service, refuse);
  return { service: name, endpoint };
}

function checkOptions(endpoint: Endpoint, { endpointOptions }: KnownService, refuse: Refuse): void {
  for (const [name, value] of endpoint.options) {
    const option = endpointOptions.find((option) => option.name === name);
    if (!option) {
      const known = endpointOptions.map((option) => option.name);
      return refuse(unknown("endpoint option", name, ["idle", "max-line", ...known]));
    }
    if (option.isForStreamsOnly && carriesDatagrams(endpoint.scheme)) {
      refuse(`${name} means nothing to datagrams; leave it out`);
    }
    const advice = adviceOn(value, option);
    if (advice !== undefined) refuse(`${name} is "${value}"; ${advice}`);
  }
}

/** What to write instead of `value`; `undefined` where nothing is wrong with it. */
function adviceOn(value: string, { values, advise }: EndpointOption): string | undefined {
  if (values && !values.includes(value)) {
    const guess = nearest(value, values);
    return `write ${oneOf(values)}${guess === undefined ? "" : `; did you mean ${guess}?`}`;
  }
  const advice = advise?.(value);
  return advice === undefined ? undefined : `write ${advice}`;
}

function readEndpoint(text: string, refuse: Refuse): Endpoint {
  try {
    return parseEndpoint(text);
  } catch (error) {
    if (error instanceof EndpointError) refuse(error.reason);
    throw error;
  }
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const guess = nearest(name, known);
  const advice = guess === undefined ? `write ${oneOf(known)}` : `did you mean ${guess}?`;
  return `${what} "${name}" is unknown; ${advice}`;
}
