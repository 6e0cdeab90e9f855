/**
 * The entry point of the thread that makes checkpoints.
 *
 * @module
 */

import { serveCheckpoints } from "./serve_checkpoints.ts";

serveCheckpoints(self as unknown as Worker);
