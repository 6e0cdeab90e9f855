import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../domain/", import.meta.url));
