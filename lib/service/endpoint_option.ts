/**
 * What an endpoint may say to its service, such as `framing=raw` in `echo=tcp://HOST:PORT?framing=raw`.
 * Declared beside the service in `mod.ts`; checked by `cli/listen.ts` before anything is opened.
 *
 * @module
 */

/** An endpoint option that a service understands. */
export interface EndpointOption {
  readonly name: string;
  /** The values there are, the default first; any text, where absent. */
  readonly values?: readonly string[];
  /**
   * What is to be written instead of `value`, as the rest of a sentence that begins with `write`;
   * `undefined` where nothing is wrong with it. For options whose values cannot be listed.
   */
  advise?(value: string): string | undefined;
  /** Whether it means nothing to datagrams. */
  readonly isForStreamsOnly?: boolean;
}
