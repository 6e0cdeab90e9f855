import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../transport/", import.meta.url));
