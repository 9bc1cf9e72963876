// The host's source of random bytes.

import { getRandomBytes } from "wasi:random/random@0.2.12";

export const randomBytes = (count) => getRandomBytes(count);
