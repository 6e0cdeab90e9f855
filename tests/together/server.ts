import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../server/", import.meta.url));
