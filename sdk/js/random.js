// Random bytes from the host, fit for secrets. The world has to import `wasi:random/random`; no grant is needed.

export { randomBytes } from "#random";
