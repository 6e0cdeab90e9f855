/** A small collector: takes traces by OTLP over HTTP with JSON. */

export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly intValue?: string };
  }[];
}

export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #changed = Promise.withResolvers<void>();

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        const body = await request.json();
        if (new URL(request.url).pathname === "/v1/traces") {
          for (const { scopeSpans } of body.resourceSpans) {
            for (const { scope, spans } of scopeSpans) {
              if (scope.name === "partyline") this.spans.push(...spans);
            }
          }
          this.#changed.resolve();
          this.#changed = Promise.withResolvers();
        }
        return Response.json({});
      },
    );
  }

  /** The environment of a program that sends its traces here. */
  get env(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "100",
    };
  }

  async until(isTrue: (spans: readonly ReceivedSpan[]) => boolean): Promise<void> {
    while (!isTrue(this.spans)) await this.#changed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
