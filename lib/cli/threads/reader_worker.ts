/**
 * The entry point of each thread that reads the log for a server: its wiring, as `compose.ts` is
 * for the main thread.
 *
 * @module
 */

import { serveReader } from "../../store/sqlite/reading/serve_reader.ts";
import { EVENT_FORMS } from "../../web/api/event_forms.ts";

serveReader(self as unknown as Worker, EVENT_FORMS);
