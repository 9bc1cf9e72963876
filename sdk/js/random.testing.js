// What stands in for the host's source under Node, in unit tests.

import { randomBytes as bytes } from "node:crypto";

export const randomBytes = (count) => Uint8Array.from(bytes(count));
