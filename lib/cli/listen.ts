/**
 * Parses `--listen SERVICE=ENDPOINT`. Nothing is opened here.
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

/** A service and its endpoint. */
export interface ListenOption {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** Whether the endpoint comes from `--tutorials`. */
  readonly isTutorial?: boolean;
}

/** A service that `--listen` can name. */
export interface KnownService {
  readonly name: string;
  /** The endpoint options it understands, besides `idle` and `max-line`. */
  readonly endpointOptions: readonly EndpointOption[];
  /** Whether it works over datagrams. */
  readonly takesDatagrams?: boolean;
  /** Its endpoint with `--tutorials`, if it is one of the small services. */
  readonly tutorialEndpoint?: string;
}

/** Whether `--listen` accepts the name of a service. */
export function isServiceName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/**
 * Parses the value of `--listen`.
 *
 * @param tutorials The endpoints that `--tutorials` adds.
 * @throws {UsageError} for text that is not `SERVICE=ENDPOINT`, an unknown service or endpoint
 * option, an invalid option value, or an address used twice.
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
    // Otherwise the second one would fail as "port in use", and people would look for a culprit.
    // Streams and datagrams have separate ports.
    const place = `${carriesDatagrams(endpoint.scheme)} ${address}`;
    const isFixed = endpoint.port !== 0 || endpoint.path !== undefined;
    if (isFixed && addresses.has(place)) {
      if (isTutorial) {
        const sentence = `Cannot use ${address}: --tutorials needs it for ${service}`;
        throw complain(origin, `${sentence}; choose another port for ${origin.label}`);
      }
      const what = endpoint.path === undefined ? "port" : "path";
      refuse(`${address} is used twice; choose another ${what}`);
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
    refuse(`${name} does not work over datagrams; use tcp, tls or unix`);
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
      refuse(`${name} does not apply to datagrams; leave it out`);
    }
    const advice = adviceOn(value, option);
    if (advice !== undefined) refuse(`${name} is "${value}"; ${advice}`);
  }
}

/** What to use instead of `value`; `undefined` if it is valid. */
function adviceOn(value: string, { values, advise }: EndpointOption): string | undefined {
  if (values && !values.includes(value)) {
    const guess = nearest(value, values);
    return `use ${oneOf(values)}${guess === undefined ? "" : `; did you mean ${guess}?`}`;
  }
  const advice = advise?.(value);
  return advice === undefined ? undefined : `use ${advice}`;
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
  const advice = guess === undefined ? `use ${oneOf(known)}` : `did you mean ${guess}?`;
  return `unknown ${what} "${name}"; ${advice}`;
}
