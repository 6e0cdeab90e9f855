import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../metrics/", import.meta.url));
